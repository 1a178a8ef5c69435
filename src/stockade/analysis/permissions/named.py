"""Types of resources whose names have ways of their own: URLs, suffixes, aliases, addresses."""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.analysis.permissions.arns import Arns
from stockade.analysis.permissions.texts import (
    PSEUDO,
    Part,
    known_start,
    pieces,
    split,
    starts,
    text,
)
from stockade.model import (
    EventData,
    Location,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
)

Named = Callable[[tuple[Value, ...], Location, Arns], "list[Value] | None"]
"""Makes the ARNs of the values, or None where the usual way will do."""


def _arn(service: str, *rest: Part, at: Location, place: tuple[Part, ...] | None = None) -> Value:
    where = place if place is not None else (PSEUDO["Region"], ":", PSEUDO["Account"])
    return text(["arn:", PSEUDO["Partition"], f":{service}:", *where, ":", *rest], at)


def _queue(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name a queue by its URL: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`."""
    parts = pieces(values[0])
    if arns.owner(values[0], "sqs:queue") is not None or not starts(parts, "https://"):
        return None
    groups = split(parts, "/")
    if len(groups) < 5:  # noqa: PLR2004 - https, nothing, host, account, name
        return None
    host = split(groups[2], ".")
    region = host[1] if len(host) > 2 else [PSEUDO["Region"]]  # noqa: PLR2004 - sqs, region, ...
    made = _arn("sqs", *groups[4], at=at, place=(*region, ":", *groups[3]))
    unknown = known_start(pieces(made))[1]
    return [made] if unknown is None else [_given_up(unknown)]


def _secret(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name a secret by its name: AWS ends the ARN in a hyphen and six characters."""
    value = values[0]
    if arns.owner(value, "secretsmanager:Secret") is not None:
        return None
    parts, unknown = known_start(pieces(value))
    if unknown is not None:
        return None
    if starts(parts, "arn:"):
        last = parts[-1]
        full = isinstance(last, str) and last[-7:-6] == "-" and last[-6:].isalnum()
        return [text([*parts, *([] if full or last == "*" else ["-??????"])], at)]
    if isinstance(value, Parameter | Reference) and _says_arn(value):
        return None
    return [_arn("secretsmanager", "secret:", *parts, "-??????", at=at)]


def _says_arn(value: Parameter | Reference) -> bool:
    name = value.name if isinstance(value, Parameter) else value.attribute
    return name.lower().endswith("arn")


def _parameter(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name a parameter of Systems Manager: the slash that begins its name is not written twice."""
    value = values[0]
    parts = pieces(value)
    if arns.owner(value, "ssm:parameter") is not None or starts(parts, "arn:"):
        return None
    known, unknown = known_start(parts)
    first = known[0] if known else ""
    if unknown is not None and not known:
        return [_given_up(unknown)]
    if isinstance(first, Parameter) and isinstance(default := constant(first), str):
        slash = default.startswith("/")
        name: list[Part] = list(known)
    else:
        slash = False
        name = [first.lstrip("/"), *known[1:]] if isinstance(first, str) else list(known)
    if name and isinstance(name[-1], str) and unknown is None:
        name[-1] = name[-1].partition(":")[0]
    if unknown is not None and all(isinstance(one, str) and not one.strip("/") for one in name):
        return [_given_up(unknown)]
    ending = ["*"] if unknown is not None else []
    place = (PSEUDO["Region"], ":") if starts(name, "aws/") else None
    head = "parameter" if slash else "parameter/"
    return [_arn("ssm", head, *name, *ending, at=at, place=place)]


def _key(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name a key of KMS: policies name keys, so an alias is followed to its key."""
    value = values[0]
    parts = pieces(value)
    alias = starts(parts, "alias/") or any(isinstance(p, str) and ":alias/" in p for p in parts)
    if isinstance(value, Reference) or alias:
        target = arns.key_of(value)
        if target is not None:
            return _key((target,), at, arns) or [arns.key(target, at)]
    if alias:
        name = constant(value)
        shown = name if isinstance(name, str) else "an alias"
        return [Unknown(f"policies name keys, and the key of {shown} is not declared here", at)]
    return None


def _identity(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name an identity of SES: the address and its domain, whichever was verified."""
    value = values[0]
    if arns.owner(value, "ses:identity") is not None:
        return None
    address = constant(value) if isinstance(value, Scalar) else None
    if not isinstance(address, str) or address.startswith("arn:"):
        return None
    if address.endswith(">") and "<" in address:
        address = address.rpartition("<")[2].removesuffix(">")
    names = [address, address.rpartition("@")[2]] if "@" in address else [address]
    found = [arns.owner(Scalar(name, at), "ses:identity") for name in names]
    declared = next((one for one in found if one is not None), None)
    if declared is not None:
        return [arns.of(declared)]
    return [_arn("ses", "identity/", name, at=at) for name in names]


_PROFILES: Final = ("us.", "eu.", "apac.", "us-gov.", "global.", "jp.", "au.", "ca.")


def _model(values: tuple[Value, ...], at: Location, _arns: Arns) -> list[Value] | None:
    """Name a model of Bedrock; a profile of several regions means the model in each."""
    parts = pieces(values[0])
    if starts(parts, "arn:") or known_start(parts)[1] is not None:
        return None
    told = constant(values[0])
    if isinstance(told, str) and told.startswith("arn:"):
        return [values[0]]
    if isinstance(told, str) and told.startswith(_PROFILES):
        written: tuple[Part, ...] = tuple(parts)
        model = told.partition(".")[2]
        return [
            _arn("bedrock", "inference-profile/", *written, at=at),
            _arn("bedrock", "foundation-model/", model, at=at, place=("*", ":")),
        ]
    return [_arn("bedrock", "foundation-model/", *parts, at=at, place=(PSEUDO["Region"], ":"))]


def _object(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name an object of S3 by its address: `s3://bucket/key`, `https://bucket.s3.../key`."""
    if len(values) != 1:
        return None
    parts = pieces(values[0])
    if starts(parts, "s3://") and isinstance(parts[0], str):
        groups = split([parts[0].removeprefix("s3://"), *parts[1:]], "/")
        bucket, key = groups[0], groups[1:]
    elif starts(parts, "https://"):
        host, key = split(parts, "/")[2], split(parts, "/")[3:]
        bucket = split(host, ".s3")[0]
        if starts(host, "s3"):
            bucket, key = (key[0] if key else []), key[1:]
    else:
        unknown = known_start(parts)[1]
        why = Unknown("the address of the object is not followed", at)
        return [_given_up(unknown) if unknown is not None else why]
    rest: list[Part] = []
    for number, group in enumerate(key):
        rest.extend([*(["/"] if number else []), *group])
    name, unknown = known_start(bucket)
    if unknown is not None or not name:
        return [_given_up(unknown) if unknown is not None else Unknown("it has no bucket", at)]
    known, more = known_start(rest)
    resource = arns.owner(text(name, at), "s3:bucket")
    head = arns.of(resource) if resource is not None else _arn("s3", *name, at=at, place=(":",))
    return [text([head, "/", *known, *(["*"] if more is not None or not rest else [])], at)]


def _bucket(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
    """Name the bucket in the address of an object, `s3://bucket/key`."""
    if not starts(pieces(values[0]), "s3://"):
        return None
    found = _object(values, at, arns) or []
    return [
        one if isinstance(one, Unknown) else text(split(pieces(one), "/")[0], at) for one in found
    ]


def _scoped(kind: str) -> Named:
    """Name a part of a web application firewall: its scope is written another way in the ARN."""

    def named(values: tuple[Value, ...], at: Location, _arns: Arns) -> list[Value] | None:
        scope = constant(values[0])
        if scope not in ("REGIONAL", "CLOUDFRONT"):
            return None
        own, place = "regional", None
        if scope == "CLOUDFRONT":
            own, place = "global", ("us-east-1:", PSEUDO["Account"])
        parts: list[Part] = [f"{own}/{kind}"]
        for value in values[1:]:
            known, unknown = known_start(pieces(value))
            parts += ["/", *known, *(["*"] if unknown is not None else [])]
        return [_arn("wafv2", *parts, at=at, place=place)]

    return named


def _zone(values: tuple[Value, ...], at: Location, _arns: Arns) -> list[Value] | None:
    """Name a hosted zone, whose id may be written as a path."""
    parts, unknown = known_start(pieces(values[0]))
    if unknown is not None or starts(parts, "arn:"):
        return None
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].removeprefix("/hostedzone/")
    return [_arn("route53", "hostedzone/", *parts, at=at, place=(":",))]


def _definition(kind: str) -> Named:
    """Name a definition of ECS or Batch: without a revision its newest is meant, any that is."""

    def named(values: tuple[Value, ...], at: Location, arns: Arns) -> list[Value] | None:
        parts, unknown = known_start(pieces(values[0]))
        told = [one for one in parts if isinstance(one, str) and ":" in one]
        if unknown is not None or not told or starts(parts, "arn:"):
            return None
        if arns.owner(values[0], kind) is not None:
            return None
        service, _, name = kind.partition(":")
        return [_arn(service, f"{name}/", *parts, at=at)]

    return named


def _given_up(unknown: Unknown | EventData) -> Unknown:
    if isinstance(unknown, EventData):
        return Unknown(f"the event decides it ({unknown.field})", unknown.at)
    return unknown


NAMES: Final[Mapping[str, Named]] = {
    "batch:job-definition": _definition("batch:job-definition"),
    "bedrock:foundation-model": _model,
    "ecs:task-definition": _definition("ecs:task-definition"),
    "kms:key": _key,
    "route53:hostedzone": _zone,
    "s3:bucket": _bucket,
    "s3:object": _object,
    "secretsmanager:Secret": _secret,
    "ses:identity": _identity,
    "sqs:queue": _queue,
    "ssm:parameter": _parameter,
    "wafv2:ipset": _scoped("ipset"),
    "wafv2:regexpatternset": _scoped("regexpatternset"),
    "wafv2:rulegroup": _scoped("rulegroup"),
    "wafv2:webacl": _scoped("webacl"),
}
