"""Files: what is written under a path can be read back under the same path."""

from stockade.analysis.interpreter.protocol import Invocation, Machine, Site
from stockade.analysis.interpreter.values import (
    NONE,
    UNKNOWN,
    Anything,
    Const,
    Environment,
    External,
    HeapObject,
    Text,
    Val,
    join,
)


def file_key(machine: Machine, path: Val) -> tuple[object, ...]:
    """Name a file by its path."""
    return ("file", _signature(machine, path))


def _signature(machine: Machine, value: Val) -> tuple[object, ...]:
    parts: list[object] = []
    for shape in value.shapes:
        match shape:
            case Const():
                parts.append(shape.value)
            case Text():
                parts.append(tuple(_signature(machine, part) for part in shape.parts))
            case Environment():
                parts.append(shape)
            case External(name) if name.startswith("pathlib.Path") and len(shape.made_of) == 1:
                return _signature(machine, shape.made_of[0][1])
            case External():
                parts.append((shape.name, shape.address))
            case _:
                pass
    fields = sorted({taint.data.field for taint in machine.inside(value).taints})
    return (*parts, *fields)


def write_file(machine: Machine, path: Val, content: Val) -> None:
    """Note what is written to the file at `path`."""
    whole = machine.inside(content)
    if not whole.taints:
        return
    if not machine.wrote_file:
        machine.wrote_file = True
        machine.begun += 1
    key = file_key(machine, path)
    before = machine.state.variable(key)
    held = Val((Anything("it stands in a file"),), whole.taints)
    machine.state.writes[key] = held if before is None else join(before, held)


def read_file(machine: Machine, path: Val) -> Val:
    """Return what was written to the file at `path`; the path itself is not in it."""
    found = machine.state.variable(file_key(machine, path)) if machine.wrote_file else None
    return found if found is not None else Val((Anything("it stands in a file"),))


def written_at(machine: Machine, path: Val) -> Val:
    """Return what stands in the file that a text names, if the code wrote one there.

    What is given the path of such a file may well read it: `PdfReader("/tmp/upload.pdf")`.
    """
    if not machine.wrote_file:
        return NONE
    if len(path.shapes) == 1 and isinstance(path.shapes[0], (Const, Text, Environment)):
        return machine.state.variable(file_key(machine, path)) or NONE
    return NONE


def open_file(machine: Machine, path: Val, site: Site) -> Val:
    """Return a file object that reads and writes the file at `path`."""
    return machine.allocate(site, HeapObject("file", {}, None, path), "open")


def method(machine: Machine, found: HeapObject, call: Invocation) -> Val:
    """Call a method of a file object."""
    path = found.type or UNKNOWN
    match call.callee:
        case "write" | "writelines":
            for value in call.arguments.all():
                write_file(machine, path, value)
            return NONE
        case "read" | "readline":
            return read_file(machine, path)
        case "readlines" | "__iter__":
            content = read_file(machine, path)
            return machine.allocate(call.site, HeapObject("list", {}, content), call.callee)
        case "__enter__":
            return machine.allocate(call.site, found, "open")
        case _:
            return NONE
