"""Writing into the prototype that all objects share, by keys that an event chooses.

`object[first][second] = value` writes into `Object.prototype` where `first` is `__proto__`. So
does a function that calls itself with `target[key]`, or goes down with `at = at[key]`.
"""

import re
from typing import Final

from stockade.analysis.code import ir
from stockade.analysis.facts import OriginKind
from stockade.analysis.handler_code import within
from stockade.analysis.interpreter.core import Frame
from stockade.analysis.interpreter.journal import Hit
from stockade.analysis.interpreter.protocol import Machine, Site
from stockade.analysis.interpreter.values import Taint, Val
from stockade.model import Confidence
from stockade.model.record import replace

KIND: Final = "prototype"
WRITES: Final = "ecmascript.[]="
"""Stands for the callee where a key is written."""

_MOST_FRAMES: Final = 4


def written(
    machine: Machine, frames: list[Frame], target: ir.IndexTarget, key: Val, site: Site
) -> list[Hit]:
    """Return the data of events that chooses both what is written into, and the key there."""
    named = _chosen(machine, key)
    if not named:
        return []
    holder = target.object
    if isinstance(holder, ir.Index) and not isinstance(holder.key, ir.Const):
        leads = bool(_chosen(machine, machine.evaluate(holder.key)))
    else:
        leads = isinstance(holder, ir.Name) and _descends(frames[-_MOST_FRAMES:], holder.name)
    if not leads or _is_guarded(site.file.text, _root(holder)):
        return []
    proved = machine.proved()
    hits = (Hit(KIND, WRITES, "key", taint, site, Confidence.MEDIUM) for taint in named)
    return [replace(hit, proved=proved) for hit in hits]


def _chosen(machine: Machine, key: Val) -> list[Taint]:
    return [
        taint
        for taint in key.taints
        if taint.data.kind in (OriginKind.EVENT, OriginKind.STORED)
        and not taint.data.verified
        and machine.harmful(taint, KIND)
    ]


def _root(holder: ir.Expression) -> str:
    while isinstance(holder, ir.Index | ir.Attribute):
        holder = holder.object
    return holder.name if isinstance(holder, ir.Name) else ""


def _is_guarded(text: str, name: str) -> bool:
    """Tell whether a file knows of prototypes, or asks an object whether it has a key."""
    if "__proto__" in text or "Object.create(null)" in text:
        return True
    if not name or "hasOwn" not in text:
        return False
    own = re.escape(name)
    return re.search(rf"\b{own}\.hasOwn|hasOwn(?:Property\.call)?\(\s*{own}\b", text) is not None


def _descends(frames: list[Frame], name: str) -> bool:
    """Tell whether a variable comes to be what one of its own entries was.

    Functions that are given to `forEach` belong to the one around them.
    """
    called = {frame.code.name for frame in frames if frame.code.name}
    parameters = {one.name for frame in frames for one in frame.code.parameters}
    for frame in frames:
        for node in within(frame.code.body):
            match node:
                case ir.Assign(targets=targets, value=value):
                    down = any(_is_name(one, name) for one in targets)
                case ir.Assignment(target=target, value=value):
                    down = _is_name(target, name)
                case ir.Call(callee=ir.Name(name=one) | ir.Attribute(name=one)) if (
                    name in parameters and one in called
                ):
                    if any(_is_entry(given.value, name) for given in node.arguments):
                        return True
                    continue
                case _:
                    continue
            if down and _holds_entry(value, name):
                return True
    return False


def _is_name(target: ir.Target, name: str) -> bool:
    return isinstance(target, ir.NameTarget) and target.name == name


def _is_entry(value: object, name: str) -> bool:
    """Tell whether an expression is `name[key]`, whichever the key."""
    return (
        isinstance(value, ir.Index)
        and isinstance(value.object, ir.Name)
        and value.object.name == name
        and not isinstance(value.key, ir.Const)
    )


def _holds_entry(value: ir.Expression, name: str) -> bool:
    """Tell whether an expression may be an entry of `name`, or what one is made."""
    waiting: list[object] = [value]
    while waiting:
        one = waiting.pop()
        match one:
            case ir.Logical(operands=operands):
                waiting.extend(operands)
            case ir.Conditional(then=then, otherwise=otherwise):
                waiting += [then, otherwise]
            case ir.Assignment(
                target=ir.IndexTarget(object=ir.Name(name=holder), key=key), value=inner
            ):
                if holder == name and not isinstance(key, ir.Const):
                    return True
                waiting.append(inner)
            case _ if _is_entry(one, name):
                return True
            case _:
                pass
    return False
