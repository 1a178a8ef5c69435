"""Values of templates as text for the policy language: what is not known yet is an atom."""

from collections.abc import Mapping
from typing import TypeAlias

from stockade.iam.symbolic import atom
from stockade.model import (
    Application,
    Choice,
    Concatenation,
    Import,
    List,
    Map,
    NoValue,
    Parameter,
    Reference,
    ResourceId,
    Scalar,
    Unknown,
    Value,
    constant,
    expression,
)

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
Read: TypeAlias = "Plain | Unknown"
Document: TypeAlias = Mapping[str, "Plain"]

ACCOUNT = atom("AWS::AccountId")
PARTITION = atom("AWS::Partition")


def role_arn(role: ResourceId, partition: str = PARTITION) -> str:
    """Return the ARN of a role of the application."""
    return f"arn:{partition}:iam::{ACCOUNT}:role/{atom(role, unique=True)}"


def user_arn(user: ResourceId, partition: str = PARTITION) -> str:
    """Return the ARN of a user of the application; for a group, that of one of its members."""
    return f"arn:{partition}:iam::{ACCOUNT}:user/{atom(user, unique=True)}"


class Symbols:
    """Writes values of one application; ARNs of its roles are written out.

    `known` are pseudo parameters that are taken to have a value, such as `AWS::Partition`.
    """

    def __init__(self, app: Application, known: Mapping[str, str] | None = None) -> None:
        self._roles = frozenset(app.roles)
        self._known = known or {}
        self._joint: dict[int, tuple[Concatenation, str | Unknown]] = {}
        """Texts that were put together, with their values: one ARN is asked about repeatedly."""

    def text(self, value: Value) -> str | Unknown:
        """Write a text of the template with an atom for each part that is known at deployment.

        The names of two resources are different names; a parameter may turn out to be anything.
        """
        match value:
            case Scalar():
                text = constant(value)
                return text if isinstance(text, str) else Unknown("it is not a text", value.at)
            case Reference(attribute="Ref"):
                return atom(value.resource, unique=True)
            case Reference(attribute="Arn") if value.resource in self._roles:
                return role_arn(value.resource, self._known.get("AWS::Partition", PARTITION))
            case Parameter() if value.name in self._known:
                return self._known[value.name]
            case Reference() | Import() | Parameter():
                return atom(expression(value).removeprefix("${").removesuffix("}"))
            case Concatenation():
                return self._joined(value)
            case Choice():
                return Unknown(f"the condition {value.condition} decides it", value.at)
            case Unknown():
                return value
            case _:
                return Unknown("it is not a text", value.at)

    def _joined(self, value: Concatenation) -> str | Unknown:
        known = self._joint.get(id(value))
        if known is None:
            known = self._joint[id(value)] = (value, self._put_together(value))
        return known[1]

    def _put_together(self, value: Concatenation) -> str | Unknown:
        texts = []
        for part in value.parts:
            text = self.text(part)
            if isinstance(text, Unknown):
                return text
            texts.append(text)
        return "".join(texts)

    def plain(self, value: Value) -> Read:
        """Write a policy document as JSON has it, with atoms in its texts.

        Of a choice that no one has made yet both branches count, where they are items of a
        list: a role is taken to grant what it may grant.
        """
        match value:
            case Map():
                return self._map(value)
            case List():
                return self._list(value)
            case Parameter(value=List() as given):
                return self._list(given)
            case Choice():
                return self._list(List((value.then, value.otherwise), value.at))
            case _:
                return self.text(value)

    def _map(self, value: Map) -> Read:
        made: dict[str, Plain] = {}
        for key, content in value:
            if isinstance(content, NoValue):
                continue
            inner = self.plain(content)
            if isinstance(inner, Unknown):
                return inner
            made[key] = inner
        return made

    def _list(self, value: List) -> Read:
        made: list[Plain] = []
        for item in value.items:
            if isinstance(item, NoValue):
                continue
            inner = self.plain(item)
            if isinstance(inner, Unknown):
                return inner
            if isinstance(item, Choice) and isinstance(inner, list):
                made.extend(inner)
            else:
                made.append(inner)
        return made
