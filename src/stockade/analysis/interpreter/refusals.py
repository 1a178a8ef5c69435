"""Branches that send callers away: past them it is known who calls.

`if not user: return response(401)` asks who calls, whatever way `user` was found. Where the test
asks the event alone (`if "Authorization" not in headers`), it shows nothing: anyone writes that.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from stockade._late import pattern
from stockade.analysis.code import ir
from stockade.analysis.facts import OriginKind
from stockade.analysis.handler_code import within
from stockade.analysis.interpreter.protocol import UNKNOWN_CALL, Machine
from stockade.analysis.interpreter.secrets import is_public
from stockade.analysis.interpreter.values import (
    Anything,
    Chosen,
    Const,
    Environment,
    Event,
    External,
    Function,
    Ref,
    Shape,
    Text,
    Val,
    constant_text,
)
from stockade.analysis.staff import OF_ROLE

_STATUS: Final = (401, 403, "401", "403")
_SAYS_NO: Final = pattern(
    r"unauthori[sz]ed|forbidden|access ?denied|not ?(?:authenticated|authori[sz]ed)|"
    r"permission ?denied|auth\w*(?:error|exception|failed)|_40[13]$|^_?40[13]\b|"
    r"(?:invalid|expired)[ _]?(?:(?:or expired|access|auth|bearer|id|jwt)[ _]?)*"
    r"(?:token|session|signature|credentials)(?:$|\W|_|err|exc)|"
    r"^(?:(?:access|auth|bearer|id|jwt)[ _])?(?:token|session|signature|credentials)"
    r"(?: is| has| was)?[ _](?:not valid|invalid|expired)|"
    r"(?:invalid|incorrect|wrong|expired)[ _](?:(?:or|expired|username|email|user|one[- ]time|"
    r"reset|verification|security|confirmation|login|auth\w*|2fa|mfa|current|old)[ _/]?){0,4}"
    r"(?:otp|pin|pass(?:word|code)|(?:one[- ]time|reset|verification|security|confirmation|login|"
    r"auth\w*|2fa|mfa)[ _]code)(?:$|\W|_)|"
    r"^(?:invalid|incorrect|wrong|expired)(?: or expired)? code\W*$|"
    r"not logged in|(?:log|sign)[ _]?in required|please (?:log|sign) in",
    re.IGNORECASE,
)
_WORDS_OF_NO: Final = (
    *("401", "403", "auth", "forbidden", "denied", "invalid", "expired", "not valid"),
    *("not logged in", "in required", "log in", "sign in", "incorrect", "wrong"),
)
"""In whatever says no, one of these stands."""
_LONGEST: Final = 80
_MOST_STATEMENTS: Final = 8
_OF_VALUES: Final = frozenset(
    [
        *("split", "replace", "get", "format", "strip", "join", "lower", "upper", "startswith"),
        *("endswith", "toLowerCase", "toUpperCase", "trim", "includes", "endsWith", "startsWith"),
        *("toString", "slice", "substring", "substr", "indexOf", "match", "test", "search", "len"),
        *("str", "String", "Boolean", "bool", "isinstance", "isArray", "keys", "hasOwnProperty"),
        *("parse", "loads", "stringify", "dumps", "find", "isEmpty", "header", "some", "every"),
    ]
)
"""Calls that ask nobody but the value that they are given, by their names."""
_ABOUT_VALUES: Final = pattern(
    r"empty|undefined|null|nil|none|string|number|numeric|integer|array|object|email|length|"
    r"uuid|url|json|schema|input|body|param|field|format|required|missing",
    re.IGNORECASE,
)
"""Names of calls that look at how a value is written: `validator.isEmail(email)`."""
_PROOF: Final = pattern(
    r"auth|token|cookie|session|signature|secret|credential|passw|api_?key|jwt|bearer|claim|"
    r"allowed|permi|valid|verif|signed|headers|^err",
    re.IGNORECASE,
)
"""What proves who calls, or what was found out about it, by how it is called."""
_TOKEN: Final = pattern(
    r"auth|token|cookie|session|signature|secret|credential|passw|api_?key|jwt|bearer|signed",
    re.IGNORECASE,
)
"""What only proves who calls, by how it is called."""
_READS: Final = pattern(r"decode|unverified|pars|atob|base64|split|url|buffer", re.IGNORECASE)
"""What gives another form of what it was given, by its qualified name."""


def refuses(block: ir.Block, text: str) -> bool:
    """Tell whether a block answers or raises that the caller may not: 401, 403, `Forbidden`.

    `text` is that of the file that the block stands in.
    """
    return 0 < len(block) <= _MOST_STATEMENTS and may_refuse(text) and _refuses(block)


@lru_cache(maxsize=1024)
def _refuses(block: ir.Block) -> bool:
    """Look through the statements: once, however often and for however many handlers they run."""
    return any(
        _says_no(node)
        for statement in block
        if isinstance(statement, ir.Return | ir.Raise | ir.Evaluate)
        for node in within(statement)
    )


@lru_cache(maxsize=64)
def may_refuse(text: str) -> bool:
    """Tell whether a file holds one of the words without which nothing in it refuses anybody."""
    lower = text.lower()
    return any(word in lower for word in _WORDS_OF_NO)


def _says_no(node: object) -> bool:
    match node:
        case ir.Const(value=value):
            return (value in _STATUS and not isinstance(value, bool)) or _is_text_of_no(value)
        case ir.Name(name=name) | ir.Attribute(name=name):
            return bool(_SAYS_NO.search(name[:_LONGEST]))
        case _:
            return False


def _is_text_of_no(value: object) -> bool:
    return isinstance(value, str) and len(value) < _LONGEST and bool(_SAYS_NO.search(value))


def asks_who_calls(machine: Machine, test: ir.Expression) -> bool:
    """Tell whether a test asks more than what an event says of itself.

    What was found by a token tells, and so does a comparison with what is kept elsewhere. That a
    user was found by the address that the event names does not.
    """
    waiting: list[tuple[ir.Expression, bool]] = [(test, False)]
    while waiting:
        one, is_compared = waiting.pop()
        match one:
            case ir.Name() | ir.Attribute() | ir.Index():
                is_named = not isinstance(one, ir.Index) and bool(_PROOF.search(one.name))
                if _tells(machine.evaluate(one), is_compared=is_compared or is_named):
                    return True
            case ir.Call():
                if not isinstance(one.callee, ir.Name | ir.Attribute):
                    return True
                if not _is_about_values(one.callee.name):
                    return not any(_is_chosen(machine, given.value) for given in one.arguments)
                waiting.extend((argument.value, is_compared) for argument in one.arguments)
                if isinstance(one.callee, ir.Attribute):
                    waiting.append((one.callee.object, is_compared))
            case ir.Unary():
                waiting.append((one.operand, is_compared))
            case ir.Logical():
                waiting.extend((operand, is_compared) for operand in one.operands)
            case ir.Compare():
                asks = not any(_is_constant(side) for side in (one.left, one.right))
                waiting.extend((side, asks) for side in (one.left, one.right))
            case ir.Binary():
                asks = is_compared or not any(_is_constant(side) for side in (one.left, one.right))
                waiting.extend((side, asks) for side in (one.left, one.right))
            case ir.Format():
                if _tells(machine.evaluate(one), is_compared=is_compared):
                    return True
            case ir.Await():
                waiting.append((one.value, is_compared))
            case _:
                pass
    return False


def asks_for_role(machine: Machine, test: ir.Expression) -> bool:
    """Tell whether a test asks if whoever calls has a role that somebody gave them.

    By the words of the test: `"admins" not in groups`, `user.role !== "admin"`, `is_admin(event)`.
    What the event says of itself gives nobody a role; of several roles each must be given.
    """
    names: list[str] = []
    roles: list[str] = []
    for node in within(test):
        match node:
            case ir.Compare(operator="==" | "!=" | "===" | "!==", left=left, right=right):
                roles += [word for side in (left, right) if (word := _word(side)) is not None]
            case ir.ListLiteral(elements=elements):
                words = (_word(one.value) for one in elements)
                roles += [word for word in words if word is not None]
            case ir.Const(value=str() as word) if len(word) < _LONGEST:
                names.append(word)
            case ir.Name() | ir.Attribute():
                value = machine.evaluate(node)
                if _is_of_the_event(value):
                    return False
                names.append(node.name)
                roles += _listed(machine, value)
            case _:
                pass
    if roles:
        return all(OF_ROLE.search(role) for role in roles)
    return any(OF_ROLE.search(name) for name in names)


def _word(side: ir.Expression) -> str | None:
    """Return the text that is written there, if it is one."""
    return side.value if isinstance(side, ir.Const) and isinstance(side.value, str) else None


def _is_of_the_event(value: Val) -> bool:
    """Tell whether it is a text of the event that nobody vouches for."""
    return (
        bool(value.taints)
        and all(
            taint.data.kind is OriginKind.EVENT and not taint.data.verified
            for taint in value.taints
        )
        and all(isinstance(shape, Event) for shape in value.shapes)
        and not any(
            shape.path[:1] == ("requestContext",) or not shape.path
            for shape in value.shapes
            if isinstance(shape, Event)
        )
    )


def _listed(machine: Machine, value: Val) -> Iterator[str]:
    """Yield the texts of a list that is written out, or of a constant."""
    for shape in value.shapes:
        if isinstance(shape, Const) and isinstance(shape.value, str):
            yield shape.value
    for _, found in machine.objects(value):
        if found.kind in ("list", "tuple", "set"):
            for entry in list(found.entries.values())[:_MOST_ROLES]:
                text = constant_text(entry)
                if text is not None:
                    yield text


_MOST_ROLES: Final = 16


def _is_chosen(machine: Machine, given: ir.Expression) -> bool:
    """Tell whether a variable is given that whoever calls names: they know what it holds."""
    return isinstance(given, ir.Name | ir.Attribute | ir.Index) and any(
        isinstance(shape, Chosen) for shape in machine.evaluate(given).shapes
    )


def calls_others(block: ir.Block) -> bool:
    """Tell whether a block calls more than what asks a value for its parts."""
    return any(
        isinstance(node, ir.Call)
        and not (
            isinstance(node.callee, ir.Name | ir.Attribute) and _is_about_values(node.callee.name)
        )
        for node in within(block)
    )


def _is_about_values(name: str) -> bool:
    return name in _OF_VALUES or bool(_ABOUT_VALUES.search(name[:_LONGEST]))


def _tells(value: Val, *, is_compared: bool) -> bool:
    """Tell whether a value says who calls, if it is there or is what it is compared with."""
    if any(isinstance(shape, Event) and "authorizer" in shape.path for shape in value.shapes):
        return True
    if any(isinstance(shape, Chosen) for shape in value.shapes):
        return False  # Whoever calls names a variable whose value they know.
    if not value.taints:
        if any(_is_of_proof(one) for one in value.shapes):
            return True
        return is_compared and not (len(value.shapes) == 1 and _is_plain(value.shapes[0]))
    sent = [taint.data for taint in value.taints if taint.data.kind is OriginKind.EVENT]
    if any(data.verified for data in sent):
        # `claims.get("sub") or body["user"]` is there for whoever names a user.
        return all(data.verified for data in sent)
    if all(taint.data.kind is OriginKind.EVENT for taint in value.taints):
        by_token = any(_PROOF.search(taint.data.field) for taint in value.taints)
        return (by_token or is_compared) and any(_is_found_out(one) for one in value.shapes)
    return is_compared


def _is_constant(side: ir.Expression) -> bool:
    return isinstance(side, ir.Const)


def _is_plain(shape: Shape) -> bool:
    match shape:
        case External():
            return not shape.instance
        case Environment(name=name):
            return is_public(name)  # Whoever sends an origin or a stage need not be told it.
        case Text(parts=parts):
            return all(_is_plain(one) for part in parts for one in part.shapes)
        case _:
            return isinstance(shape, Const | Event | Ref | Function)


def _is_of_proof(shape: Shape) -> bool:
    """Tell whether a library made it of what proves who calls: what a token says, verified."""
    return (
        isinstance(shape, External)
        and _is_found_out(shape)
        and any(
            taint.data.kind is OriginKind.EVENT and _TOKEN.search(taint.data.field)
            for _, given in shape.made_of
            for taint in given.taints
        )
    )


def _is_found_out(shape: Shape) -> bool:
    """Tell whether a call gave it that may have asked others."""
    match shape:
        case External(name=name, instance=True):
            return not _READS.search(name)
        case Anything(why=why):
            return why == UNKNOWN_CALL
        case _:
            return False
