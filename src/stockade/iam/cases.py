"""A stream of access cases: one JSON object a line in, or an array of them; one a line out.

    {"name", "request": {"principal", "action", "resource": {"arn", "account"}, "context"},
     "identity_policies": [doc], "resource_policy": doc | null, "permission_boundaries": [doc],
     "scps": [{"orgIdentifier", "policies": [doc]}], "rcps": [the same],
     "session_policy": doc | null, "vpc_endpoint_policies": [doc]}

A `doc` is a policy document, its JSON as a string, or `{"name", "policy"}` with either. One alone
need not be in a list, and a resource may be its ARN alone. Out comes `{"name", "decision",
"because"}`; where the decision is `Unknown` also `"unknown"`, where the case has keys that mean
nothing here also `"ignored"`, and for a line that is no case `{"name", "line", "error"}`. In this
stream `[]` and null mean that there is no such policy, and the context is complete: nothing is
derived from principal or resource.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NoReturn

from stockade.iam.decision import Decision, Gap, Reason, StatementRef
from stockade.iam.document import has_doubled, read_json
from stockade.iam.errors import PolicyError
from stockade.iam.evaluation import Level, Policies, decide
from stockade.iam.policy import Policy
from stockade.iam.reading import parse
from stockade.iam.request import Request
from stockade.iam.text import written

_HINT = "see “Access cases” in docs/iam.md"
_POLICY_KEYS = (
    "identity_policies",
    "resource_policy",
    "permission_boundaries",
    "scps",
    "rcps",
    "session_policy",
    "vpc_endpoint_policies",
)
_REMEMBERED_SIZE = 65_536
"""Characters of policies: what is larger is not kept for the next case."""
_KEYS = frozenset({"name", "request", *_POLICY_KEYS})

Object = Mapping[str, object]


def run_cases(lines: Iterable[str]) -> Iterator[str]:
    """Decide each line as it comes; blank lines are skipped, a bad line does not stop the rest.

    A line may hold a list of cases, and so may all lines together: one JSON array, written over as
    many lines as it likes, whose first holds its bracket alone.
    """
    numbered = enumerate(lines, start=1)
    for number, line in numbered:
        text = line
        if line.strip().removeprefix("\ufeff") == "[":
            text = "\n".join([line, *(more for _, more in numbered)])
        if text.strip():
            for answer in _answers(text, number):
                yield json.dumps(answer, ensure_ascii=False)


def _answers(line: str, number: int) -> Iterator[dict[str, object]]:
    try:
        value = read_json(line)
    except PolicyError as error:
        yield {"name": None, "line": number, "error": str(error)}
        return
    for one in value if isinstance(value, list) and value else [value]:
        yield _answer(one, number)


def _answer(value: object, number: int) -> dict[str, object]:
    name: object = None
    try:
        case = _object(value, "the line")
        name = case.get("name")
        decision = decide_case(case)
    except PolicyError as error:
        return {"name": name, "line": number, "error": str(error)}
    ignored = [key for key in case if key not in _KEYS]
    note = {"ignored": ignored} if ignored else {}
    return {"name": name, **decision_json(decision), **note}


def decide_case(case: Object) -> Decision:
    """Decide one case given as plain values. Raises `PolicyError` if it is not a case."""
    request = _request(_object(case.get("request"), "request"))
    given = {key: case.get(key) for key in _POLICY_KEYS}
    text = json.dumps(given)
    is_rare = len(text) > _REMEMBERED_SIZE or has_doubled(given)
    return decide(request, _prepare(given) if is_rare else _prepared(text))


@lru_cache(maxsize=256)
def _prepared(text: str) -> Policies:
    """Prepare the policies of a case once for all that have the same; their text is the key."""
    return _prepare(json.loads(text))


def _prepare(case: Object) -> Policies:
    return Policies(
        identity=_policies(case, "identity_policies") or (),
        resource=_one(case, "resource_policy"),
        boundary=_policies(case, "permission_boundaries"),
        session=_policies(case, "session_policy"),
        scps=_levels(case, "scps"),
        rcps=_levels(case, "rcps"),
        endpoint=_policies(case, "vpc_endpoint_policies"),
    )


def decision_json(decision: Decision) -> dict[str, object]:
    """Write a decision as plain values."""
    shown: dict[str, object] = {
        "decision": decision.effect.value,
        "because": [_reason(one) for one in decision.because],
    }
    if decision.unknown:
        shown["unknown"] = list(decision.unknown)
    return shown


def _reason(reason: Reason) -> dict[str, object]:
    if isinstance(reason, StatementRef):
        shown: dict[str, object] = {
            "source": reason.source.value,
            "policy": reason.policy,
            "statement": reason.index,
            "sid": reason.sid,
            "effect": reason.effect,
        }
    elif isinstance(reason, Gap):
        shown = {"source": reason.source.value, "missing": "Allow"}
    else:
        return {"rule": reason.text}
    if reason.level:
        shown["level"] = reason.level
    return shown


def _request(value: Object) -> Request:
    principal = value.get("principal")
    if principal is not None and not isinstance(principal, str):
        _refuse("request.principal is neither a string nor null")
    resource = value.get("resource")
    if isinstance(resource, str):
        resource = {"arn": resource}
    resource = _object(resource, "request.resource")
    account = resource.get("account")
    return Request(
        principal,
        _text(value.get("action"), "request.action"),
        _text(resource.get("arn"), "request.resource.arn"),
        context=_context(value.get("context")),
        account=account if account is None else _text(account, "request.resource.account"),
    )


def _context(value: object) -> dict[str, str | list[str]]:
    context: dict[str, str | list[str]] = {}
    for key, found in _object(value or {}, "request.context").items():
        if isinstance(found, list):
            context[key] = [_scalar(one, key) for one in found]
        elif found is not None:
            context[key] = _scalar(found, key)
    return context


def _scalar(value: object, key: str) -> str:
    text = written(value)
    if text is None:
        _refuse(f"request.context[{key!r}] holds neither a plain value nor a list of them")
    return text


def _policies(case: Object, key: str) -> list[Policy] | None:
    found = case.get(key)
    if found is None or found == []:
        return None
    if not isinstance(found, list):
        return [_document(found, key)]
    return [_document(one, f"{key}[{index}]") for index, one in enumerate(found)]


def _one(case: Object, key: str) -> Policy | None:
    found = case.get(key)
    return None if found is None else _document(found, key)


def _levels(case: Object, key: str) -> list[Level]:
    levels = case.get(key) or []
    if not isinstance(levels, list):
        _refuse(f"{key} is not a list")
    return [_level(_object(one, f"{key}[{at}]"), f"{key}[{at}]") for at, one in enumerate(levels)]


def _level(level: Object, label: str) -> Level:
    name = level.get("orgIdentifier")
    return Level(name if isinstance(name, str) else label, _policies(level, "policies") or [])


def _document(value: object, label: str) -> Policy:
    name = label
    if isinstance(value, Mapping) and "policy" in value and "Statement" not in value:
        given = value.get("name")
        name = given if isinstance(given, str) and given else label
        value, label = value["policy"], f"{label}.policy"
    return parse(value if isinstance(value, str) else _object(value, label), name=name)


def _object(value: object, label: str) -> Object:
    if not isinstance(value, Mapping):
        _refuse(f"{label} is not an object")
    return value


def _text(value: object, label: str) -> str:
    if not isinstance(value, str) or not value:
        _refuse(f"{label} is not a string with something in it")
    return value


def _refuse(message: str) -> NoReturn:
    raise PolicyError(message, _HINT)
