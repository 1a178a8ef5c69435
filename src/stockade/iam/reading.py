"""A policy document to a Policy.

Follows "Grammar of the IAM JSON policy language" and the pages "IAM JSON policy elements: ..."
of the IAM User Guide.
"""

from collections.abc import Mapping
from datetime import date

from stockade.iam.document import Element, read_json, statement_places
from stockade.iam.errors import PolicyError
from stockade.iam.operators import operator
from stockade.iam.policy import Condition, Place, Policy, Principals, Problem, Statement
from stockade.iam.symbolic import show
from stockade.iam.text import written as as_text

_VERSIONS = ("2012-10-17", "2008-10-17")
_ELEMENTS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_KINDS = {
    "AWS": "aws",
    "Service": "service",
    "Federated": "federated",
    "CanonicalUser": "canonical_user",
}
_HINT = "see “Grammar of the IAM JSON policy language” in the IAM User Guide"

Document = str | Mapping[str, object]


def parse(document: Document, *, name: str = "") -> Policy:
    """Read a policy document, given as JSON text or as plain values.

    Raises `PolicyError`, naming the first problem and its place, if AWS would not accept it.
    """
    policy = read(document, name=name)
    if policy.problems:
        first, more = policy.problems[0], len(policy.problems) - 1
        tail = f" (and {more} more)" if more else ""
        label = f"{name}: " if name else ""
        message = f"{label}{first}{tail}"
        raise PolicyError(message, first.hint)
    return policy


def read(document: Document, *, name: str = "") -> Policy:
    """Read what can be read, and list the rest in `Policy.problems`.

    A malformed statement stays in the policy and makes what it might decide unknown. Raises
    `PolicyError` only for a text that is not JSON or holds no object.
    """
    places: list[Place] = []
    value: object = document
    if isinstance(document, str):
        value = _json(document, name)
        places = statement_places(document.removeprefix("\ufeff"))
    if not isinstance(value, Mapping):
        message = f"a policy is a JSON object, not {_kind(value)}"
        raise PolicyError(f"{name}: {message}" if name else message, _HINT)
    return _Reader(places).policy(value, name)


def _json(text: str, name: str) -> object:
    try:
        return read_json(text)
    except PolicyError as error:
        message = f"{name}: {error}" if name else str(error)
        raise PolicyError(message, error.hint) from None


class _Reader:
    """Reads one document and keeps the list of its problems."""

    def __init__(self, places: list[Place]) -> None:
        self.places = places
        self.problems: list[Problem] = []
        self.path = ""
        self.at = Place()
        self.unreadable = ""

    def policy(self, value: Mapping[str, object], name: str) -> Policy:
        self._doubled(value)
        for key in value:
            if key not in ("Version", "Id", "Statement"):
                self._problem(
                    f"unknown element {_quote(key)}", "a policy has Version, Id, Statement"
                )
        version = self._version(value.get("Version"))
        if "Statement" not in value:
            self._problem("there is no Statement")
        found = value.get("Statement", ())
        if isinstance(found, Mapping):
            found = (found,)
        elif not isinstance(found, list | tuple):
            self._problem(f"Statement is {_kind(found)}, not an object or a list")
            found = ()
        statements = tuple(self._statement(index, item) for index, item in enumerate(found))
        return Policy(name, version, statements, tuple(self.problems))

    def _version(self, value: object) -> str:
        if value is None:
            return _VERSIONS[1]
        text = value.isoformat() if isinstance(value, date) else value
        if text not in _VERSIONS:
            self._problem(f"Version {_quote(text)} does not exist", f"write {_VERSIONS[0]}")
            return _VERSIONS[1]
        return str(text)

    def _statement(self, index: int, value: object) -> Statement:
        self.at = self.places[index] if index < len(self.places) else Place()
        self.path, self.unreadable = f"Statement[{index}]", ""
        if not isinstance(value, Mapping):
            self._problem(f"a statement is an object, not {_kind(value)}")
            value = {}
        self._doubled(value)
        for key in value:
            if key not in _ELEMENTS:
                self._problem(f"unknown element {_quote(key)}")
        effect = value.get("Effect")
        if effect not in ("Allow", "Deny"):
            self._problem(f"Effect is {_quote(effect)}", "Effect is Allow or Deny")
        self._exclusive(value)
        principals = self._principals(value)
        not_action = "NotAction" in value
        actions = self._strings(value, "NotAction" if not_action else "Action")
        for action in actions:
            if not _is_action(action):
                self._problem(
                    f"{_quote(action)} is no action",
                    "an action has its service's prefix: s3:GetObject",
                )
        not_resource = "NotResource" in value
        resource = "NotResource" if not_resource else "Resource"
        return Statement(
            index=index,
            sid=self._sid(value.get("Sid", "")),
            allows=effect == "Allow",
            principals=principals,
            not_principal="NotPrincipal" in value,
            actions=actions,
            not_action=not_action,
            resources=self._strings(value, resource) if resource in value else None,
            not_resource=not_resource,
            conditions=self._conditions(value.get("Condition")),
            at=self.at,
            malformed=self.unreadable,
        )

    def _exclusive(self, value: Mapping[str, object]) -> None:
        for name in ("Principal", "Action", "Resource"):
            if name in value and f"Not{name}" in value:
                self._problem(f"{name} and Not{name} exclude each other")
        if "Action" not in value and "NotAction" not in value:
            self._problem("there is neither Action nor NotAction")

    def _sid(self, value: object) -> str:
        if not isinstance(value, str):
            self._problem(f"Sid is {_kind(value)}, not a string")
            return ""
        return value

    def _principals(self, value: Mapping[str, object]) -> Principals | None:
        name = "NotPrincipal" if "NotPrincipal" in value else "Principal"
        if name not in value:
            return None
        found = value[name]
        if found == "*":
            return Principals(aws=("*",))
        if not isinstance(found, Mapping):
            self._problem(
                f'{name} is {_quote(found)}, not "*" or an object',
                'write {"AWS": "arn:..."} or {"Service": "name.amazonaws.com"}',
            )
            return Principals()
        self._doubled(found)
        lists: dict[str, tuple[str, ...]] = {}
        for kind in found:
            if kind not in _KINDS:
                self._problem(
                    f"{name} has unknown kind {_quote(kind)}", f"kinds are {', '.join(_KINDS)}"
                )
            else:
                lists[_KINDS[kind]] = self._strings(found, kind)
        return Principals(**lists)

    def _strings(self, value: Mapping[str, object], name: str) -> tuple[str, ...]:
        found = value.get(name, ())
        items = found if isinstance(found, list | tuple) else (found,)
        for item in items:
            if not isinstance(item, str):
                self._problem(f"{name} holds {_kind(item)}, not a string")
        return tuple(item for item in items if isinstance(item, str))

    def _conditions(self, value: object) -> tuple[Condition, ...]:
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self._problem(f"Condition is {_kind(value)}, not an object")
            return ()
        self._doubled(value)
        conditions: list[Condition] = []
        for written, tests in value.items():
            known = operator(written) if isinstance(written, str) else None
            if known is None:
                self._problem(f"{_quote(written)} is no condition operator")
            elif not isinstance(tests, Mapping):
                self._problem(f"Condition.{known.name} is {_kind(tests)}, not an object")
            else:
                self._doubled(tests)
                conditions.extend(
                    Condition(known, str(key), self._values(known.name, key, values))
                    for key, values in tests.items()
                )
        return tuple(conditions)

    def _values(self, operator_name: str, key: object, found: object) -> tuple[str, ...]:
        values: list[str] = []
        for item in found if isinstance(found, list | tuple) else (found,):
            text = as_text(item)
            if text is None:
                self._problem(f"Condition.{operator_name}.{_quote(key)} holds {_kind(item)}")
            else:
                values.append(text)
        return tuple(values)

    def _doubled(self, value: Mapping[str, object]) -> None:
        if isinstance(value, Element):
            for key in value.doubled:
                self._problem(f"{_quote(key)} is written twice")

    def _problem(self, message: str, hint: str = _HINT) -> None:
        self.unreadable = self.unreadable or message
        self.problems.append(Problem(message, self.path, self.at, hint))


def _is_action(text: str) -> bool:
    """Whether it is a service's prefix and a name, with one colon between them, or all actions."""
    service, colon, name = text.partition(":")
    if not colon:
        return bool(text) and not text.strip("*")
    return bool(service and name) and ":" not in name


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        tuple: "a list",
        str: "a string",
        bool: "a boolean",
    }
    if value is None:
        return "null"
    return names.get(
        type(value), "a number" if isinstance(value, int | float) else "something else"
    )


def _quote(value: object) -> str:
    """Put the value in quotes, short enough for a message and without control characters."""
    if not isinstance(value, str):
        return _kind(value)
    text = "".join(char if char.isprintable() else "�" for char in show(value))
    return f"“{text[:57]}...”" if len(text) > 60 else f"“{text}”"  # noqa: PLR2004 - one line
