"""Paths of one step: stores that are open to everyone, and routes that ask nobody.

No injection is needed for these: what the template leaves open is the way.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade._fingerprint import fingerprint
from stockade.analysis.effects import Effect, Effects
from stockade.analysis.facts import Facts
from stockade.analysis.operations import EffectKind
from stockade.analysis.stores.written import is_passing
from stockade.model import (
    Application,
    AuthorizerKind,
    CutKind,
    EventSource,
    Exposure,
    Finding,
    Goal,
    GoalKind,
    Move,
    MoveKind,
    Path,
    ResourceId,
    Step,
)
from stockade.paths.controls import Controls
from stockade.paths.cuts import mending
from stockade.paths.footholds import claim, who
from stockade.paths.goals import listed, told
from stockade.paths.kinds import KINDS

_STORES: Final = {
    "public-bucket": MoveKind.READ_STORE,
    "outsiders-write-to-bucket": MoveKind.WRITE_STORE,
}
_ROUTES: Final = frozenset({"route-without-authorizer", "function-url-without-authorizer"})
_VERBS: Final = {
    EffectKind.READS: "read",
    EffectKind.WRITES: "change",
    EffectKind.DELETES: "delete in",
}


def openings(app: Application, facts: Facts, findings: Iterable[Finding]) -> Iterator[Path]:
    """Yield what findings say is open by itself."""
    effects: Effects | None = None
    for finding in findings:
        if finding.rule.id in _STORES and finding.match.resource in app.resources:
            yield _of_store(app, finding)
        elif finding.rule.id in _ROUTES:
            effects = effects or Effects(app, facts)
            yield from _of_route(app, facts, effects, finding)


def _of_store(app: Application, finding: Finding) -> Path:
    match = finding.match
    resource = match.resource or ""
    words = claim(finding)
    goal = Goal(kind=GoalKind.STORE, words=words, resources=(resource,))
    move = Move(kind=_STORES[finding.rule.id], note=words, because=match.because, target=resource)
    return _path(app, finding, (move,), goal, cut=CutKind.CLOSE_STORE, entry=resource)


def _of_route(
    app: Application, facts: Facts, effects: Effects, finding: Finding
) -> Iterator[Path]:
    """Yield the path of an API whose routes ask nobody: what they surely do to its stores."""
    done: dict[str, tuple[EventSource, Effect]] = {}
    verbs: dict[ResourceId, dict[str, None]] = {}
    for source in app.event_sources:
        of_it = finding.match.resource in (source.resource, source.function)
        for effect in effects.of(source.function) if of_it and _is_open(source, facts) else ():
            if effect.resource is None or not effect.sure or effect.kind not in _VERBS:
                continue
            store = app.resources[effect.resource]
            if store.type in KINDS and not is_passing(store.name):
                done.setdefault(effect.does, (source, effect))
                verbs.setdefault(effect.resource, {})[_VERBS[effect.kind]] = None
    if not done:
        return
    words = listed(
        [f"{_in_words(held)} {app.resources[store].name}" for store, held in verbs.items()]
    )
    first = next(iter(done.values()))[0]
    writes = any(effect.kind is not EffectKind.READS for _, effect in done.values())
    moves = (
        Move(
            kind=MoveKind.SEND,
            note=claim(finding).partition(",")[0],
            because=facts.exposures[first.id].because,
            target=first.function,
        ),
        Move(
            kind=MoveKind.WRITE_STORE if writes else MoveKind.READ_STORE,
            note=words,
            because=tuple(Step(effect.at, f"this {effect.does}") for _, effect in done.values()),
            target=next(iter(verbs)) if len(verbs) == 1 else None,
        ),
    )
    stores = tuple(verbs)
    goal = Goal(kind=GoalKind.STORE, words=words, resources=stores)
    yield _path(app, finding, moves, goal, cut=CutKind.REQUIRE_AUTHORIZER, entry=first.id)


def _in_words(verbs: Iterable[str]) -> str:
    """Say what is done to a store: deleting in it is told where nothing else changes it."""
    held = frozenset(verbs)
    order = ("read", "change") if "change" in held else ("read", "delete in")
    return " and ".join(verb for verb in order if verb in held)


def _is_open(source: EventSource, facts: Facts) -> bool:
    return (
        source.route is not None
        and source.route.authorizer.kind is AuthorizerKind.NONE
        and facts.exposures[source.id].exposure is Exposure.ANYONE
    )


def _path(  # noqa: PLR0913 - what a path is made of
    app: Application,
    finding: Finding,
    moves: tuple[Move, ...],
    goal: Goal,
    *,
    cut: CutKind,
    entry: str,
) -> Path:
    exposure = finding.match.exposure
    before = tuple(move.note for move in moves[:-1])
    controls = Controls(app)
    source = next((one for one in app.event_sources if one.id == entry), None)
    return Path(
        application=app.name,
        entry=entry,
        exposure=exposure,
        severity=finding.severity,
        confidence=finding.match.confidence,
        says=told(who(finding), (*before, goal.words)),
        moves=moves,
        goal=goal,
        cuts=(mending([finding], 0, cut),),
        controls=tuple(controls.before(source)) if source is not None else (),
        findings=(finding.fingerprint,),
        fingerprint=fingerprint("path", app.name, finding.fingerprint),
    )
