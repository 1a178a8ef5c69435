"""The paths of one application, the worst first."""

from collections.abc import Iterator
from typing import Final

from stockade._fingerprint import fingerprint
from stockade.analysis.exposure.clients import Clients
from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    Confidence,
    CutKind,
    Exposure,
    Finding,
    Goal,
    GoalKind,
    Move,
    MoveKind,
    Path,
    ResourceId,
    Step,
    Unseen,
    weighed,
)
from stockade.paths.abilities import abilities_of
from stockade.paths.chains import MOST_PLACES, Chains, Held
from stockade.paths.controls import SCOPED_ROLE, Controls
from stockade.paths.cuts import Cuts, in_order, mending
from stockade.paths.footholds import Foothold, Footholds, Gain, is_outside, who
from stockade.paths.goals import HARM, Lost, lost, told
from stockade.paths.openings import openings
from stockade.ranking import worst_paths_first

MOST_PATHS: Final = 25
"""Paths that are told of one application: who mends these needs no more."""

MOST_STARTS: Final = 25
"""Footholds that are followed, the most exposed and powerful first."""


def paths_of(
    app: Application, facts: Facts, findings: tuple[Finding, ...]
) -> tuple[tuple[Path, ...], tuple[Unseen, ...]]:
    """Return the paths from outside to what is worth protecting, and what was left out."""
    finder = _Finder(app, facts, findings)
    found = worst_paths_first((*openings(app, facts, findings), *finder.paths()))
    unseen = list(finder.unseen())
    if len(found) > MOST_PATHS:
        why = f"only the worst {MOST_PATHS} of its {len(found)} attack paths are told"
        unseen.append(Unseen(app.stacks[0].at, "limit", why))
    return found[:MOST_PATHS], tuple(unseen)


class _Finder:
    """Follows the footholds of one application."""

    def __init__(self, app: Application, facts: Facts, findings: tuple[Finding, ...]) -> None:
        self._app = app
        self._facts = facts
        self._findings = findings
        self._abilities = abilities_of(app)
        self._footholds = Footholds(app, facts, findings).of
        self._chains = Chains(app, facts, self._abilities, self._footholds)
        self._cuts = Cuts(app, facts)
        self._controls = Controls(app)
        self._starts = self._distinct()

    def paths(self) -> list[Path]:
        """Return every path, in no order."""
        found: dict[str, Path] = {}
        for alike in self._starts[:MOST_STARTS]:
            for path in self._from(alike):
                found.setdefault(path.fingerprint, path)
        for path in self._of_clients():
            found.setdefault(path.fingerprint, path)
        return list(found.values())

    def unseen(self) -> Iterator[Unseen]:
        """Yield what was not followed to its end."""
        at = self._app.stacks[0].at
        left = len(self._starts) - MOST_STARTS
        if left > 0:
            why = f"attack paths are followed from {MOST_STARTS} weaknesses; {left} more are there"
            yield Unseen(at, "limit", why)
        if self._chains.cut:
            why = f"from one weakness no more than {MOST_PLACES} functions and roles are followed"
            yield Unseen(at, "limit", why)
        if self._abilities.exhausted:
            why = "what its roles can do is more than is asked: attack paths may be missing"
            yield Unseen(at, "limit", why)

    def _distinct(self) -> list[tuple[Foothold, ...]]:
        """Return the footholds that outsiders have, those that give the same together."""
        groups: dict[tuple[object, ...], list[Foothold]] = {}
        for held in self._footholds.values():
            for one in held:
                exposure = one.finding.match.exposure
                if is_outside(exposure):
                    key = (one.function, one.gain, exposure, one.store, one.verb)
                    groups.setdefault(key, []).append(one)
        starts = [tuple(group) for group in groups.values()]
        return sorted(
            starts,
            key=lambda alike: (
                -alike[0].finding.match.exposure,
                -alike[0].gain,
                -alike[0].confidence,
                alike[0].finding.match.at,
            ),
        )

    def _from(self, alike: tuple[Foothold, ...]) -> Iterator[Path]:
        foothold = alike[0]
        known: set[tuple[GoalKind, str]] = set()
        for held in self._chains.from_foothold(foothold):
            for one in self._lost(held, foothold):
                kind = one.goal.kind
                whole = kind in (GoalKind.EVERY_STORE, GoalKind.ACCOUNT)
                new = (
                    {(kind, one.goal.words)}
                    if whole
                    else {(kind, what) for what in one.goal.resources}
                )
                if new <= known:
                    continue
                known |= new
                yield self._path(alike, held, one)
                if kind is GoalKind.ACCOUNT:
                    return  # There is nothing more to lose.

    def _lost(self, held: Held, foothold: Foothold) -> Iterator[Lost]:
        if held.role is None and not held.secrets:
            yield from self._at_once(held, foothold)
            return
        powers = self._abilities.of(held.role) if held.role is not None else None
        yield from lost(self._app, held, powers)

    def _at_once(self, held: Held, foothold: Foothold) -> Iterator[Lost]:
        """Yield what a foothold gives by itself."""
        if foothold.gain is Gain.STORE and foothold.store is not None:
            name = self._name(foothold.store)
            goal = Goal(
                kind=GoalKind.STORE,
                words=f"{foothold.verb} {name}",
                resources=(foothold.store,),
            )
            kind = MoveKind.READ_STORE if foothold.verb == "read" else MoveKind.WRITE_STORE
            step = Step(foothold.flow.sink, f"this call acts on {name}")
            move = Move(kind=kind, note=goal.words, because=(step,), target=foothold.store)
            yield Lost(goal=goal, moves=(*held.moves, move))
        elif foothold.gain is Gain.NETWORK:
            function = self._app.functions[foothold.function]
            name = self._name(function.id)
            goal = Goal(
                kind=GoalKind.NETWORK,
                words=f"reach hosts of the network that {name} is in",
                resources=(function.id,),
            )
            move = Move(
                kind=MoveKind.REACH_NETWORK,
                note=goal.words,
                because=(Step(function.at, "which is connected to a VPC"),),
                target=function.id,
            )
            yield Lost(goal=goal, moves=(*held.moves, move))

    def _path(self, alike: tuple[Foothold, ...], held: Held, one: Lost) -> Path:
        foothold = alike[0]
        exposure = foothold.finding.match.exposure
        entry = foothold.flow.origin.event_source or foothold.function
        confidence = min(each.confidence for each in (foothold, *held.footholds))
        findings = (*alike, *held.footholds[1:])
        return Path(
            application=self._app.name,
            entry=entry,
            exposure=exposure,
            severity=weighed(HARM[one.goal.kind], exposure),
            confidence=confidence,
            says=_told(who(foothold.finding), one.moves, one.goal),
            moves=one.moves,
            goal=one.goal,
            cuts=self._cuts.of(held, one, alike),
            controls=tuple(self._on(entry, one)),
            findings=tuple(dict.fromkeys(each.finding.fingerprint for each in findings)),
            fingerprint=fingerprint(
                "path",
                self._app.name,
                entry,
                foothold.function,
                foothold.gain.name,
                exposure.name,
                one.goal.kind.name,
                *one.goal.resources,
                *(move.kind.value for move in one.moves),
            ),
        )

    def _on(self, entry: str, one: Lost) -> Iterator[str]:
        """Yield the controls on a path."""
        for source in self._app.event_sources:
            if source.id == entry:
                yield from self._controls.before(source)
        if one.goal.kind not in (GoalKind.EVERY_STORE, GoalKind.ACCOUNT):
            if any(move.kind is MoveKind.USE_ROLE for move in one.moves):
                yield SCOPED_ROLE
            kept = [tuple(self._controls.on(store)) for store in one.goal.resources]
            if kept and all(kept):
                yield from kept[0]

    def _of_clients(self) -> Iterator[Path]:
        """Yield what the roles that identity pools hand out lead to."""
        findings: dict[ResourceId, list[Finding]] = {}
        for finding in self._findings:
            if finding.rule.id == "client-past-gateway" and finding.match.resource is not None:
                findings.setdefault(finding.match.resource, []).append(finding)
        for role, exposure, step in Clients(self._app).held if findings else ():
            if role.id not in findings:
                continue
            name = self._name(role.id)
            move = Move(
                kind=MoveKind.TAKE_CREDENTIALS,
                note=f"take the credentials of {name}",
                because=(step,),
                target=role.id,
            )
            for held in self._chains.from_role(role, move):
                powers = self._abilities.of(held.role) if held.role is not None else None
                for one in lost(self._app, held, powers):
                    yield self._of_client(findings[role.id], exposure, held, one)

    def _of_client(
        self, findings: list[Finding], exposure: Exposure, held: Held, one: Lost
    ) -> Path:
        begins = "anyone" if exposure is Exposure.ANYONE else "any signed-in user"
        role = held.moves[0].target or ""
        return Path(
            application=self._app.name,
            entry=role,
            exposure=exposure,
            severity=weighed(HARM[one.goal.kind], exposure),
            confidence=Confidence.HIGH,
            says=_told(begins, one.moves, one.goal),
            moves=one.moves,
            goal=one.goal,
            cuts=in_order([mending(findings, 0, CutKind.NARROW_ROLE)]),
            controls=tuple(self._on("", one)),
            findings=tuple(one.fingerprint for one in findings),
            fingerprint=fingerprint(
                "path", self._app.name, role, exposure.name, one.goal.kind.name, one.goal.words
            ),
        )

    def _name(self, resource: ResourceId) -> str:
        declared = self._app.resources.get(resource)
        return declared.name if declared is not None else resource


_SILENT: Final = frozenset({MoveKind.SEND, MoveKind.READ_ENVIRONMENT})
"""Moves that go without saying in one line."""


def _told(who: str, moves: tuple[Move, ...], goal: Goal) -> str:
    """Tell a path in one line: who can do what, and what then."""
    return told(who, (*(move.note for move in moves[:-1] if move.kind not in _SILENT), goal.words))
