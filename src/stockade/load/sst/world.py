"""What a configuration finds without declaring it: functions of JavaScript, Pulumi and SST."""

import posixpath
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from stockade.load.handlers.paths import join
from stockade.load.sst.components.making import document, encoded
from stockade.load.sst.expressions import computed
from stockade.load.sst.running import Program
from stockade.load.sst.things import (
    Array,
    Object,
    Thing,
    entries_of,
    is_nothing,
    listed,
    nothing,
    settled,
)
from stockade.load.terraform.values import encoded as inner_of
from stockade.model import Location, Map, Scalar, Unknown, Value, constant

if TYPE_CHECKING:
    from stockade.load.building import Plain

Run = Callable[[Program, list[Thing], Location], Thing]


def _first(_program: Program, given: list[Thing], at: Location) -> Thing:
    return given[0] if given else nothing(at)


def _nothing(_program: Program, _given: list[Thing], at: Location) -> Thing:
    return nothing(at)


def _entries(_program: Program, given: list[Thing], at: Location) -> Thing:
    found = entries_of(given[0]) if given else None
    if found is None:
        return computed(at)
    return Array([Array([Scalar(name, at), one], at) for name, one in found.items()], at)


def _keys(_program: Program, given: list[Thing], at: Location) -> Thing:
    found = entries_of(given[0]) if given else None
    return computed(at) if found is None else Array([Scalar(name, at) for name in found], at)


def _values(_program: Program, given: list[Thing], at: Location) -> Thing:
    found = entries_of(given[0]) if given else None
    return computed(at) if found is None else Array(found.values(), at)


def _assign(_program: Program, given: list[Thing], at: Location) -> Thing:
    if not given or not isinstance(given[0], Object):
        return computed(at)
    for one in given[1:]:
        for name, value in (entries_of(one) or {}).items():
            given[0].put(name, value)
    return given[0]


def _from_entries(_program: Program, given: list[Thing], at: Location) -> Thing:
    found: dict[str, Thing] = {}
    for pair in listed(given[0]) or () if given else ():
        both = listed(pair)
        name = constant(settled(both[0])) if both else None
        if both is None or len(both) < 2 or not isinstance(name, str):  # noqa: PLR2004 - a pair
            return computed(at)
        found[name] = both[1]
    return Object(found, at)


def _array_from(_program: Program, given: list[Thing], at: Location) -> Thing:
    items = listed(given[0]) if given else None
    return computed(at) if items is None else Array(items, at)


def _is_array(_program: Program, given: list[Thing], at: Location) -> Thing:
    if given and isinstance(given[0], Unknown):
        return computed(at)
    return Scalar(value=bool(given) and listed(given[0]) is not None, at=at)


def _stringify(_program: Program, given: list[Thing], at: Location) -> Thing:
    return encoded(given[0]) if given else nothing(at)


def _parse(_program: Program, given: list[Thing], at: Location) -> Thing:
    found = inner_of(settled(given[0])) if given else None
    return found if found is not None else computed(at)


def _text(program: Program, given: list[Thing], at: Location) -> Thing:
    return program.stack.text([settled(one) for one in given[:1]], at)


def _concatenated(program: Program, given: list[Thing], at: Location) -> Thing:
    return program.stack.text([settled(one) for one in given], at)


def _number(_program: Program, given: list[Thing], at: Location) -> Thing:
    text = constant(settled(given[0])) if given else None
    if isinstance(text, str) and text.isdigit() and len(text) < 16:  # noqa: PLR2004 - of a float
        return Scalar(int(text), at)
    return computed(at)


def _joined(program: Program, given: list[Thing], at: Location) -> Thing:
    words = [constant(settled(one)) for one in given]
    if not all(isinstance(word, str) for word in words):
        parts: list[Value] = []
        for number, one in enumerate(given):
            parts.extend([Scalar("/", at)] if number else [])
            parts.append(settled(one))
        return program.stack.text(parts, at)
    return Scalar(posixpath.normpath("/".join(str(word) for word in words)), at)


def _listing(program: Program, given: list[Thing], at: Location) -> Thing:
    """Return the names in a folder of the application: `readdirSync("./infra")`."""
    text = constant(settled(given[0])) if given else None
    folder = join(program.stack.folder, text) if isinstance(text, str) else None
    if folder is None:
        return computed(at)
    below = program.stack.sources.files_below(folder)
    if not below:
        program.stack.miss(at, f"the folder {folder[:80] or '.'} holds nothing that could be read")
    start = len(folder) + 1 if folder else 0
    names = dict.fromkeys(path[start:].partition("/")[0] for path in below)
    spent = program.spend(len(names), at)
    return spent or Array([Scalar(name, at) for name in names], at)


def _permission(_program: Program, given: list[Thing], at: Location) -> Thing:
    return given[0] if given else Object({}, at)


def _trust(_program: Program, given: list[Thing], at: Location) -> Thing:
    """Return the policy that lets a principal take on a role."""
    principal = settled(given[0]) if given else Unknown("no principal is named", at)
    statement: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
    }
    return document([statement], at)


def _edited(program: Program, given: list[Thing], at: Location) -> Thing:
    """Return a policy as a function changes it: `sst.aws.iamEdit(policy, change)`."""
    document = _parse(program, given, at)
    if len(given) < 2 or isinstance(document, Unknown):  # noqa: PLR2004 - policy and change
        return document
    changeable = _thawed(document, 0)
    program.call(given[1], [changeable], at)
    return encoded(changeable)


_DEEPEST: Final = 12


def _thawed(thing: Thing, level: int) -> Thing:
    """Return a value as what can be changed."""
    entries, items = entries_of(thing), listed(thing)
    if level > _DEEPEST:
        return thing
    if isinstance(thing, Map) and entries is not None:
        inner = {name: _thawed(one, level + 1) for name, one in entries.items()}
        return Object(inner, thing.at, thing.keys)
    if items is not None:
        return Array([_thawed(one, level + 1) for one in items], thing.at)
    return thing


def _any_given(_program: Program, given: list[Thing], at: Location) -> Thing:
    return next((one for one in given if not is_nothing(one)), nothing(at))


FUNCTIONS: Final[Mapping[str, Run]] = {
    "$config": _first,
    **dict.fromkeys(("$output", "$util.output", "pulumi.output", "$util.secret"), _first),
    **dict.fromkeys(("pulumi.secret", "pulumi.unsecret", "$unsecret", "$secret"), _first),
    **dict.fromkeys(("$resolve", "$util.resolve", "pulumi.all", "$util.all", "$all"), _first),
    **dict.fromkeys(
        ("Promise.all", "Promise.resolve", "Object.freeze", "structuredClone"), _first
    ),
    **dict.fromkeys(("$jsonStringify", "pulumi.jsonStringify", "JSON.stringify"), _stringify),
    **dict.fromkeys(("$util.jsonStringify",), _stringify),
    **dict.fromkeys(("$jsonParse", "pulumi.jsonParse", "JSON.parse"), _parse),
    **dict.fromkeys(("$concat", "pulumi.concat", "$util.concat"), _concatenated),
    **dict.fromkeys(("console.log", "console.warn", "console.info", "console.error"), _nothing),
    "Object.entries": _entries,
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.assign": _assign,
    "Object.fromEntries": _from_entries,
    "Array.from": _array_from,
    "Array.isArray": _is_array,
    "String": _text,
    **dict.fromkeys(("Number", "parseInt", "Number.parseInt", "parseFloat"), _number),
    **dict.fromkeys(
        ("path.join", "path.resolve", "path.posix.join", "path.default.join"), _joined
    ),
    **dict.fromkeys(("fs.readdirSync", "fs.default.readdirSync", "fs.readdir"), _listing),
    "sst.aws.permission": _permission,
    "aws.iam.assumeRolePolicyForPrincipal": _trust,
    "sst.aws.iamEdit": _edited,
    "sst.linkable": _nothing,
    "$asset": _first,
    "Boolean": _any_given,
}
"""Functions that are known by name, with `node:` and `@pulumi/` left out of it."""

ASSETS: Final = ("asset.FileArchive", "asset.FileAsset")
"""Ends of classes that mean a file or folder by its path."""

PACKAGES: Final = {
    "fs": "fs",
    "fs/promises": "fs",
    "path": "path",
    "@pulumi/aws": "aws",
    "@pulumi/pulumi": "pulumi",
}
"""Packages whose functions are known, by the names that they are given here."""

NAMES: Final = frozenset(
    {
        *("sst", "aws", "$util", "$config", "$output", "$resolve", "$interpolate", "$transform"),
        *("$jsonStringify", "$jsonParse", "$concat", "$asset", "$secret", "$unsecret", "$all"),
        *("Object", "Array", "JSON", "String", "Number", "Boolean", "Promise", "console"),
        *("parseInt", "parseFloat", "structuredClone", "Error", "Set", "Map", "Date", "URL"),
        *("Math", "Buffer", "RegExp", "Symbol", "globalThis"),
        *("cloudflare", "vercel", "random", "command", "docker", "tls", "time", "pulumi"),
        *(
            "planetscale",
            "neon",
            "supabase",
            "stripe",
            "github",
            "railway",
            "turso",
            "mongodbatlas",
        ),
        *("dockerbuild", "honeycomb", "sentry", "datadog", "auth0", "gcp", "azure", "hcloud"),
    }
)
"""Names that mean something without being declared."""

SILENT: Final = (
    *("random.", "command.", "tls.", "time.", "pulumi.", "Error", "Set", "Map", "Date", "URL"),
    *("RegExp", "Promise", "sst.x.DevCommand", "docker.", "dockerbuild.", "aws.Provider"),
)
"""Beginnings of classes that make nothing in AWS."""
