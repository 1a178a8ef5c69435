"""A grant that grants nothing. Its page is docs/rules/grant-without-effect.md."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from stockade import catalogue
from stockade._late import pattern
from stockade._lists import several
from stockade.analysis.facts import Facts
from stockade.analysis.statements import effect, statements
from stockade.analysis.stores.symbols import Symbols
from stockade.iam.symbolic import CLOSE, OPEN, UNIQUE
from stockade.model import (
    Application,
    Confidence,
    Exposure,
    Map,
    Match,
    Persona,
    Severity,
    Step,
    Value,
    constant,
    inside,
)
from stockade.rules._rule import rule

_PLACEHOLDER: Final = pattern(r"\$\{[^}]*\}")
_NAME: Final = pattern(f"{OPEN}{UNIQUE}[^{CLOSE}]*{CLOSE}")
"""The name of a resource of the template: text without a slash."""
_ATOM: Final = pattern(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_WRITTEN_BY_SAM: Final = ("sam-template", "sam-connector", "implied")
"""Policies that no author wrote."""
_LONGEST: Final = 2_048
"""Characters of an ARN; of a longer pattern nothing is said."""
_WILD: Final = pattern(r"[*?]+")


@rule(
    title="a policy grants what AWS does not know",
    harm=Severity.LOW,
    practice="I2",
    cwe=(280,),
    persona=Persona.STRICT,
)
def grant_without_effect(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report actions that AWS does not have, and those that no resource of the statement fits."""
    symbols = Symbols(app)
    for role in app.roles.values():
        for policy in role.policies:
            if policy.source in _WRITTEN_BY_SAM:
                continue
            for statement in statements(policy.document):
                if effect(statement) != "allow" or "NotAction" in statement:
                    continue
                found = tuple(_idle(statement, symbols))
                if found:
                    actions = list(dict.fromkeys(action for _, action, _ in found))
                    verb = "grants" if len(actions) == 1 else "grant"
                    yield Match(
                        at=found[0][0].at,
                        message=f"{several(actions)} {verb} nothing: {found[0][2]}",
                        because=tuple(
                            Step(at.at, f"{action}: {why}") for at, action, why in found
                        ),
                        confidence=Confidence.MEDIUM,
                        exposure=Exposure.APPLICATION,
                        identity=(role.id, *actions),
                        resource=role.id if role.id in app.resources else "",
                        help=(
                            "look the action and its resource types up in the Service "
                            "Authorization Reference; `stockade policy` writes what the code needs"
                        ),
                    )


def _idle(statement: Map, symbols: Symbols) -> Iterator[tuple[Value, str, str]]:
    """Yield the actions of a statement that grant nothing, and why."""
    resources = [symbols.text(one) for one in inside(statement, "Resource", "[]")]
    patterns = [_WILD.sub("*", _ATOM.sub("*", _NAME.sub("x", one))) for one in resources]
    for written in inside(statement, "Action", "[]"):
        name = constant(written)
        if not isinstance(name, str) or name.count(":") != 1:
            continue
        prefix = name.partition(":")[0]
        if "*" in prefix or "?" in prefix or not catalogue.service(prefix):
            continue
        found = catalogue.expand(name)
        if isinstance(found, catalogue.Missing) or not found:
            yield written, name, f"{prefix.lower()} has no such action"
        elif len(found) == 1 and patterns and "NotResource" not in statement:
            own = found[0]
            if not any(_fits(own, one) for one in patterns):
                kinds = [one.type for one in own.resources]
                why = 'only Resource: "*" grants it'
                if kinds:
                    why = f"it is about a {several(kinds)}, and the statement names none"
                yield written, name, why


def _fits(action: catalogue.Action, written: str) -> bool:
    """Tell whether a pattern may cover a resource that the action is about."""
    if written == "*" or not written.startswith("arn:"):
        return True
    service = catalogue.service(action.service)
    if not isinstance(service, catalogue.Service):
        return True
    for one in action.resources:
        declared = service.resource_types.get(one.type)
        if declared is None:
            return True  # A type of another service.
        for arn in declared.arns:
            if _meet(written, _PLACEHOLDER.sub("*", arn)):
                return True
    return False


@lru_cache(maxsize=1024)
def _meet(one: str, other: str) -> bool:
    """Tell whether some text matches both patterns; time is in proportion to their lengths."""
    if max(len(one), len(other)) > _LONGEST:
        return True
    # Whether what is left of both may be the same text, by where it begins in `other`.
    below = [not other[at:].strip("*") for at in range(len(other) + 1)]
    for sign in reversed(one):
        here = [sign == "*" and below[-1]]
        for at in range(len(other) - 1, -1, -1):
            if "*" in (sign, other[at]):
                here.append(below[at] or here[-1])
            else:
                here.append(sign == other[at] and below[at + 1])
        below = here[::-1]
    return below[0]
