"""What the methods of JavaScript's types ask of the interpreter besides `protocol.Machine`."""

from contextlib import AbstractContextManager
from typing import Protocol

from stockade.analysis.code.ir import Block
from stockade.analysis.interpreter.protocol import Invocation, Machine, Proof, Site
from stockade.analysis.interpreter.values import Node, Val


class Guards:
    """Where the functions before routes found out who calls: the places of one run."""

    def __init__(self) -> None:
        self.at_next: dict[int, list[Proof | None]] = {}
        """By the address of `next`, for each call of it."""
        self.checked: dict[int, list[tuple[tuple[Node, str], ...]]] = {}
        """What data was checked, likewise."""
        self.of_router: dict[int, Proof] = {}
        """By the address of the router whose later routes stand behind a guard."""


class ScriptMachine(Machine, Protocol):
    """The interpreter, as code in JavaScript sees it."""

    guards: Guards

    def shown(self) -> tuple[tuple[Node, str], ...]:
        """Return what data was checked by here, and for which kinds of sinks; not who calls."""

    def running(self) -> Block:
        """Return the statements of the function that runs now."""

    def call_method(self, call: Invocation) -> Val:
        """Call a method, by its name, of whatever the receiver may be."""

    def caught(self, site: Site) -> Val:
        """Return the error that a handler of errors is given."""

    def describes(self, callee: str) -> bool:
        """Tell whether a table describes the callee."""

    def answer(self, value: Val, site: Site) -> None:
        """Note what the handler gives its caller through a callback."""

    def page(self, value: Val, site: Site) -> None:
        """Note what is sent as a page."""

    def harmed(self, call: Invocation) -> None:
        """Note the harm that a call does, whatever it gives."""

    def is_reached(self, written: str | None) -> bool:
        """Tell whether anything may lead to a route of a framework."""

    def reached_by(self, written: str | None) -> AbstractContextManager[None]:
        """Read, for a while, the event that a route of a framework is reached with."""

    def noted(self, call: Invocation) -> None:
        """Note a call for those who ask what was called."""
