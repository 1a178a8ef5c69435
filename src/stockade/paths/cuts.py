"""The edits that close a path: each alone is enough, the cheapest comes first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from stockade.analysis.facts import Facts
from stockade.analysis.permissions import Needs, needs
from stockade.analysis.stores.settings import Setting
from stockade.model import (
    Application,
    Cut,
    CutKind,
    Finding,
    GoalKind,
    Location,
    MoveKind,
    ResourceId,
    references,
)
from stockade.paths.chains import Held
from stockade.paths.footholds import Foothold
from stockade.paths.goals import Lost
from stockade.paths.kinds import KINDS


class Cuts:
    """Finds the cuts of paths; what functions need is worked out when the first path asks."""

    def __init__(self, app: Application, facts: Facts) -> None:
        self._app = app
        self._facts = facts
        self._needs: Mapping[ResourceId, Needs] | None = None

    def of(self, held: Held, lost: Lost, alike: Sequence[Foothold]) -> tuple[Cut, ...]:
        """Return the cuts of one chain. `alike` are all footholds that it may begin at."""
        found = [*self._mending(held, alike), *self._narrowing(held, lost)]
        if held.secrets and lost.goal.kind is GoalKind.SECRET:
            found.append(_moving(held.secrets, len(lost.moves) - 1))
        return in_order(found)

    def _mending(self, held: Held, alike: Sequence[Foothold]) -> Iterator[Cut]:
        """Yield a cut for each injection on the way: all places that let it happen."""
        injections = [
            number for number, move in enumerate(held.moves) if move.kind is MoveKind.INJECT
        ]
        for position, number in enumerate(injections):
            findings = (
                [one.finding for one in alike]
                if position == 0
                else [held.footholds[position].finding]
            )
            yield mending(findings, number, CutKind.MEND_CODE)

    def _narrowing(self, held: Held, lost: Lost) -> Iterator[Cut]:
        """Yield a cut where a role allows what the function that holds it does not need."""
        for line in held.allowed[:1]:
            number = next(
                (
                    number
                    for number, move in enumerate(lost.moves)
                    if any(step.at == line for step in move.because)
                ),
                0,
            )
            role = self._role_at(held, number)
            yield Cut(
                kind=CutKind.NARROW_ROLE,
                at=line,
                help=f"take out of {role} what this move needs",
                move=number,
            )
        if held.role is None or not lost.lines:
            return
        name = self._name(held.role.id)
        last = len(lost.moves) - 1
        if lost.goal.kind in (GoalKind.EVERY_STORE, GoalKind.ACCOUNT):
            instead = f"let {name} do only what its code uses"
            if held.via is not None:
                instead += f": `stockade policy --function {held.via}` writes it"
        elif held.via is not None and self._is_excess(held.via, lost):
            instead = (
                f"give {self._name(held.via)} a role that does only what its code uses: "
                f"`stockade policy --function {held.via}` writes it"
            )
        else:
            return
        yield Cut(
            kind=CutKind.NARROW_ROLE,
            at=lost.lines[0],
            help=instead,
            move=last,
            also=lost.lines[1:],
        )

    def _role_at(self, held: Held, number: int) -> str:
        """Name the role that is held when a move is made."""
        name = "the role"
        for move in held.moves[:number]:
            if move.kind in (MoveKind.USE_ROLE, MoveKind.ASSUME_ROLE, MoveKind.PASS_ROLE):
                name = self._name(move.target or "")
        return name

    def _is_excess(self, function: ResourceId, lost: Lost) -> bool:
        """Tell whether the code of a function needs nothing of what is lost."""
        if self._needs is None:
            self._needs = needs(self._app, self._facts)
        known = self._needs.get(function)
        if known is None or not known.complete:
            return False
        needed = {
            (one.resource, need.action)
            for need in known.needed
            for one in references(need.resource)
        }
        for resource, verb in lost.abilities:
            kind = KINDS[self._app.resources[resource].type]
            actions = {"read": kind.reads, "change": kind.writes, "delete": kind.deletes}[verb]
            if any((resource, action) in needed for action in actions):
                return False
        return True

    def _name(self, resource: ResourceId) -> str:
        declared = self._app.resources.get(resource)
        return declared.name if declared is not None else resource


def mending(findings: Sequence[Finding], move: int, kind: CutKind) -> Cut:
    """Return the cut that mends what some findings say, at every place of theirs."""
    first, *others = findings
    places = dict.fromkeys(one.match.at for one in others if one.match.at != first.match.at)
    return Cut(kind=kind, at=first.match.at, help=first.match.help, move=move, also=tuple(places))


def _moving(secrets: Sequence[Setting], move: int) -> Cut:
    return Cut(
        kind=CutKind.MOVE_SECRET,
        at=secrets[0].at,
        help="put the secret's ARN here and let the function fetch the secret: then its role "
        "decides who reads it, and CloudTrail tells who did",
        move=move,
        also=tuple(one.at for one in secrets[1:]),
    )


def in_order(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Sort cuts: fewest places first, then by kind, the cheapest first."""
    kinds = list(CutKind)
    once: dict[tuple[CutKind, Location], Cut] = {}
    for cut in cuts:
        once.setdefault((cut.kind, cut.at), cut)
    return tuple(sorted(once.values(), key=lambda cut: kinds.index(cut.kind) + len(cut.also)))
