"""What the tables say of one callee, sorted by what it is about: once for all of its calls."""

from typing import Final, TypeAlias

from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Decorates,
    Guard,
    Matches,
    Model,
    Noted,
    Passes,
    Proves,
    Returns,
    Sanitizer,
    Shaped,
    Sink,
    Source,
)
from stockade.model.record import record

Gives: TypeAlias = Returns | Clean | Source | Sanitizer
"""The kinds of lines that say what the result is."""

RESULTS: Final = (Returns, Clean, Sanitizer, Source, Passes, Calls, Decorates)
"""The kinds of lines that say what a call gives."""
HARMS: Final = (Sink, Guard, Shaped, Proves, Matches)
"""The kinds of lines that say what a call does, or shows."""


@record(eq=False)
class Description:
    """The lines about one callee, in the order of the tables.

    `lines` are all of them. `sinks`, `guards`, `shaped`, `proofs` and `matches` say what a call
    does, or shows, and `harms` whether there is any of these. `gives` say what the result is,
    `passes` what flows into it, `fills` what else is put where, `calls` which functions are
    called. `is_log` tells whether what it is given is written into a log, `is_noted` whether
    rules ask about it.
    """

    lines: tuple[Model, ...]
    harms: bool
    sinks: tuple[Sink, ...]
    guards: tuple[Guard, ...]
    shaped: tuple[Shaped, ...]
    proofs: tuple[Proves, ...]
    matches: Matches | None
    gives: tuple[Gives, ...]
    passes: tuple[Passes, ...]
    fills: tuple[Passes, ...]
    calls: tuple[Calls, ...]
    decorates: Decorates | None
    is_log: bool
    is_noted: bool


def described(lines: tuple[Model, ...]) -> Description:
    """Sort the lines that speak of one callee."""
    sinks: list[Sink] = []
    guards: list[Guard] = []
    shaped: list[Shaped] = []
    proofs: list[Proves] = []
    gives: list[Gives] = []
    passes: list[Passes] = []
    fills: list[Passes] = []
    calls: list[Calls] = []
    decorates: Decorates | None = None
    matches: Matches | None = None
    is_noted = False
    for line in lines:
        match line:
            case Sink():
                sinks.append(line)
            case Guard():
                guards.append(line)
            case Shaped():
                shaped.append(line)
            case Proves():
                proofs.append(line)
            case Matches():
                matches = matches or line
            case Returns() | Clean() | Source() | Sanitizer():
                gives.append(line)
            case Passes(to="result"):
                passes.append(line)
            case Passes():
                fills.append(line)
            case Calls():
                calls.append(line)
            case Decorates():
                decorates = decorates or line
            case Noted():
                is_noted = True
            case _:
                pass  # What members of it are is said where they are looked up.
    return Description(
        lines,
        bool(sinks or guards or shaped or proofs or matches),
        tuple(sinks),
        tuple(guards),
        tuple(shaped),
        tuple(proofs),
        matches,
        tuple(gives),
        tuple(passes),
        tuple(fills),
        tuple(calls),
        decorates,
        any(line.kind == "log" for line in sinks),
        is_noted,
    )
