"""From each foothold onwards, move by move, until nothing new is reached.

The search goes breadth first, so that the first way to something is a shortest one, and visits
each function and role once: what it costs grows with the application and no faster.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from stockade.analysis.facts import Facts
from stockade.analysis.stores.settings import Setting, deployed
from stockade.model import (
    Application,
    EventSource,
    Location,
    Move,
    MoveKind,
    ResourceId,
    Role,
    Step,
)
from stockade.model.record import record, replace
from stockade.paths.abilities import Abilities, Powers, Reach
from stockade.paths.footholds import Foothold, Gain

MOST_MOVES: Final = 12
"""Moves of one chain: nobody follows a longer one."""
MOST_PLACES: Final = 200
"""Functions and roles that are visited from one foothold."""


@record(kw_only=True)
class Held:
    """What is held after some moves: a role, the environment of a function, or both.

    `via` is the function through which it is held: what that function needs of the role stays
    when the role is narrowed.
    """

    moves: tuple[Move, ...]
    footholds: tuple[Foothold, ...]
    role: Role | None = None
    secrets: tuple[Setting, ...] = ()
    via: ResourceId | None = None
    allowed: tuple[Location, ...] = ()
    """Lines of policies that the moves so far needed."""


class Chains:
    """Everything that is reached from the footholds of one application."""

    def __init__(
        self,
        app: Application,
        facts: Facts,
        abilities: Abilities,
        footholds: Mapping[ResourceId, tuple[Foothold, ...]],
    ) -> None:
        self._app = app
        self._facts = facts
        self._abilities = abilities
        self._footholds = footholds
        self._secrets: dict[ResourceId, list[Setting]] = {}
        for setting in deployed(app):
            self._secrets.setdefault(setting.function.id, []).append(setting)
        self.cut = False
        """Whether something was reached that is not followed."""
        self._sources: dict[str, EventSource] = {one.id: one for one in app.event_sources}

    def from_foothold(self, foothold: Foothold) -> Iterator[Held]:
        """Yield what is held from a foothold on, the nearest first."""
        start = Held(moves=(*self._sent(foothold), _injected(foothold)), footholds=(foothold,))
        if foothold.gain < Gain.ENVIRONMENT:
            yield start
        else:
            yield from self._spread(self._taken(start, foothold))

    def from_role(self, role: Role, move: Move) -> Iterator[Held]:
        """Yield what is held from a role on whose credentials somebody outside is given."""
        yield from self._spread([Held(moves=(move,), footholds=(), role=role)])

    def _spread(self, start: Iterable[Held]) -> Iterator[Held]:
        seen = _Seen()
        waiting = deque(held for held in start if seen.adds(held))
        while waiting:
            held = waiting.popleft()
            yield held
            if held.role is not None and len(held.moves) < MOST_MOVES:
                powers = self._abilities.of(held.role)
                if not powers.account:
                    onwards = self._onwards(held, held.role, powers, seen)
                    waiting.extend(one for one in onwards if seen.adds(one))
        self.cut |= seen.cut

    def _taken(self, held: Held, foothold: Foothold) -> Iterator[Held]:
        """Yield what comes with a function in which there is a foothold."""
        if foothold.gain < Gain.ENVIRONMENT:
            return
        function = self._app.functions[foothold.function]
        role = self._app.role_of(function)
        name = self._name(function.id)
        secrets = tuple(self._secrets.get(function.id, ()))
        read = Move(
            kind=MoveKind.READ_ENVIRONMENT,
            note=f"read the environment of {name}",
            because=tuple(Step(one.at, one.why) for one in secrets)
            or (Step(function.at, "whose environment holds the credentials of its role"),),
            target=function.id,
        )
        if secrets:
            yield replace(
                held, moves=(*held.moves, read), secrets=secrets, via=function.id, role=None
            )
        if role is not None and foothold.credentials:
            moves = held.moves if foothold.gain is Gain.CODE else (*held.moves, read)
            use = _use(role, self._name(role.id), function.at)
            yield replace(held, moves=(*moves, use), role=role, via=function.id, secrets=())

    # --- onwards from a role ------------------------------------------------------------

    def _onwards(self, held: Held, role: Role, powers: Powers, seen: "_Seen") -> Iterator[Held]:
        for reach, kind, words in (
            (powers.assumes, MoveKind.ASSUME_ROLE, "take on {0}"),
            (powers.passes, MoveKind.PASS_ROLE, "run code of their own with {0}"),
        ):
            for other in seen.left(kind, reach, self._app.roles):
                place = reach.place(other)
                if place is not None and other != role.id and other in self._app.roles:
                    move = _allowed(kind, words.format(self._name(other)), place, other)
                    yield replace(
                        held,
                        moves=(*held.moves, move),
                        role=self._app.roles[other],
                        via=None,
                        allowed=(*held.allowed, place),
                    )
        yield from self._replaced(held, powers, seen)
        yield from self._sent_on(held, powers, seen)

    def _replaced(self, held: Held, powers: Powers, seen: "_Seen") -> Iterator[Held]:
        """Yield the functions whose code can be replaced: their roles run what is put there."""
        for other in seen.left(MoveKind.CHANGE_CODE, powers.changes, self._app.functions):
            place = powers.changes.place(other)
            role = self._app.role_of(self._app.functions[other])
            if place is None or role is None:
                continue
            words = f"replace the code of {self._name(other)}, which acts as {self._name(role.id)}"
            move = _allowed(MoveKind.CHANGE_CODE, words, place, other)
            yield replace(
                held,
                moves=(*held.moves, move),
                role=role,
                via=None,
                allowed=(*held.allowed, place),
            )

    def _sent_on(self, held: Held, powers: Powers, seen: "_Seen") -> Iterator[Held]:
        """Yield what is held in functions with footholds that can be sent events from here."""
        for function, footholds in self._footholds.items():
            if (
                function == held.via
                or function in seen.sent
                or not (powers.invokes or powers.sends)
            ):
                continue
            for foothold in footholds:
                move, place = self._way_to(foothold, powers)
                if move is not None and place is not None:
                    seen.sent.add(function)
                    there = replace(
                        held,
                        moves=(*held.moves, move, _injected(foothold)),
                        footholds=(*held.footholds, foothold),
                        allowed=(*held.allowed, place),
                    )
                    yield from self._taken(there, foothold)
                    break

    def _way_to(self, foothold: Foothold, powers: Powers) -> tuple[Move | None, Location | None]:
        """Return how the event of a foothold is sent by whoever has these powers."""
        function = foothold.function
        name = self._name(function)
        place = powers.invokes.place(function)
        if place is not None:
            return _allowed(MoveKind.INVOKE, f"invoke {name}", place, function), place
        source = self._sources.get(foothold.flow.origin.event_source or "")
        declared = self._app.resources.get(source.resource or "") if source is not None else None
        reach = powers.sends.get(declared.type) if declared is not None else None
        if source is not None and declared is not None and reach is not None:
            place = reach.place(declared.id)
            if place is not None:
                words = f"put into {declared.name} what {name} receives"
                because = (
                    Step(place, "which this statement allows"),
                    Step(source.at, f"and it reaches {name}"),
                )
                kind = MoveKind.POISON_EVENT
                return Move(kind=kind, note=words, because=because, target=declared.id), place
        return None, None

    # --- words --------------------------------------------------------------------------

    def _sent(self, foothold: Foothold) -> tuple[Move, ...]:
        exposure = self._facts.exposures.get(foothold.flow.origin.event_source or "")
        if exposure is None:
            return ()
        name = self._name(foothold.function)
        return (
            Move(
                kind=MoveKind.SEND,
                note=f"send what {name} receives",
                because=exposure.because,
                target=foothold.function,
            ),
        )

    def _name(self, resource: ResourceId) -> str:
        declared = self._app.resources.get(resource)
        return declared.name if declared is not None else resource


class _Seen:
    """What was reached from one foothold: nothing is reached twice."""

    def __init__(self) -> None:
        self.sent: set[ResourceId] = set()
        """Functions that were sent an event which they trust."""
        self._held: set[tuple[str, ResourceId]] = set()
        self._whole: set[MoveKind] = set()
        self.cut = False

    def adds(self, held: Held) -> bool:
        """Note what is held, and tell whether it is new and there is room for it."""
        key = ("role", held.role.id) if held.role is not None else ("environment", held.via or "")
        if key in self._held:
            return False
        if len(self._held) >= MOST_PLACES:
            self.cut = True
            return False
        self._held.add(key)
        return True

    def left(
        self, kind: MoveKind, reach: Reach, everything: Iterable[ResourceId]
    ) -> Iterable[ResourceId]:
        """Return what a kind of move may reach now: everything at most once."""
        if reach.every is None:
            return reach.some
        if kind in self._whole:
            return ()
        self._whole.add(kind)
        return everything


def _injected(foothold: Foothold) -> Move:
    return Move(
        kind=MoveKind.INJECT,
        note=foothold.does,
        because=foothold.flow.steps or foothold.finding.match.because,
        target=foothold.function,
    )


def _use(role: Role, name: str, at: Location) -> Move:
    return Move(
        kind=MoveKind.USE_ROLE,
        note=f"act as {name}",
        because=(Step(at, f"which runs with the credentials of {name}"),),
        target=role.id,
    )


def _allowed(kind: MoveKind, note: str, place: Location, target: ResourceId) -> Move:
    because = (Step(place, "which this statement allows"),)
    return Move(kind=kind, note=note, because=because, target=target)
