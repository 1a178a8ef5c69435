"""The report that people read: worst first, every step in their own files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from stockade._late import pattern
from stockade._lists import several
from stockade.model import Confidence, Finding, Location, Match, Report
from stockade.model.record import record
from stockade.reports import words
from stockade.reports.excerpt import WIDTH
from stockade.reports.layout import Line, Piece, line, plain
from stockade.reports.paths import brief as attack_paths
from stockade.reports.proof import Proofs
from stockade.reports.untrusted import shown

MARGIN = 8
"""Columns beside a source line: what stands before it, and the edge."""

REASON = 60
"""Characters of a reason in the line of what was not seen."""
_CLAUSE_ENDS = pattern(r"[,;:] ")

IN_FULL = 10
"""Findings told with their steps; the others get a line each."""

IN_BRIEF = 40
"""Findings told in one line each; the others are counted."""

SLASHES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
"""Files whose comments begin with two slashes."""

PLACES_ALSO = 3
"""Further places of the same root cause that are named."""


@record(kw_only=True)
class Style:
    """How much is shown, and how wide. `seconds` is what the scan took, if it is to be told.

    `full` tells every finding with its steps; `quiet` leaves out all that is no finding, except
    what went wrong.
    """

    full: bool = False
    quiet: bool = False
    width: int = WIDTH
    seconds: float | None = None
    left_out: tuple[str, ...] = ()
    """Rules and templates that were left out by choice, which silence says nothing of."""


def render(report: Report, style: Style | None = None) -> str:
    """Write the report as plain text."""
    return plain(lines(report, style or Style()))


def lines(report: Report, style: Style) -> Iterator[Line]:
    """Yield the lines of the report: findings, what else must be told, totals, the unseen."""
    in_full = len(report.findings) if style.full else IN_FULL
    proofs = Proofs(report, style.width)
    for finding in report.findings[:in_full]:
        yield from _in_full(finding, report.root, proofs)
        yield ()
    rest = report.findings[in_full:]
    if rest:
        yield from _in_brief(rest, report.root)
        yield ()
    if not report.findings and not style.quiet:
        yield _silence(report)
    paths = list(attack_paths(report))
    if paths:
        yield from paths
        yield ()
    notices = [*_failures(report), *_ignores(report)]
    if notices:
        yield from notices
        yield ()
    if not style.quiet:
        yield _totals(report, style.seconds)
        if style.left_out:
            yield line(Piece("left out by choice: ", "warning"), shown(", ".join(style.left_out)))
        yield from _unseen(report)


def _in_full(finding: Finding, root: str, proofs: Proofs) -> Iterator[Line]:
    yield _claim(finding)
    yield from proofs.lines(finding)
    if finding.elsewhere:
        yield line(Piece("  also ", "dim"), *_also(finding, root))
    if finding.match.help:
        yield line(Piece("  help ", "good"), shown(finding.match.help))
    yield line(Piece(f"  {ignore_line(finding)}", "dim"))


def _claim(finding: Finding) -> Line:
    severity = words.code(finding.severity)
    match = finding.match
    sure = "" if match.confidence is Confidence.HIGH else f"  {_confidence(match)}"
    return line(
        Piece(severity, severity),
        "  ",
        Piece(shown(match.message), "claim"),
        Piece(f"  {finding.rule.id}  {finding.rule.practice}{sure}", "dim"),
    )


def _confidence(match: Match) -> str:
    return f"{match.confidence.name.lower()} confidence"


def _also(finding: Finding, root: str) -> Iterator[str]:
    """Tell where else the same root cause shows, the first few in words."""
    told = [_other(match, finding.match.at, root) for match in finding.elsewhere[:PLACES_ALSO]]
    yield shown("; ".join(told))
    more = len(finding.elsewhere) - PLACES_ALSO
    if more > 0:
        yield f"; and {more} more"


def _other(match: Match, at: Location, root: str) -> str:
    return match.message if match.at == at else f"{match.message} ({words.place(match.at, root)})"


_SETTINGS = ("zappa_settings.json", ".tf.json", ".tofu.json", "plan.json")
"""JSON in which there is no place for `Metadata`."""


def ignore_line(finding: Finding) -> str:
    """Write what the author would paste to accept this finding, as its file writes comments."""
    rule = finding.rule.id
    fingerprints = [one[:8] for one in (finding.fingerprint, *finding.also_fingerprints)]
    path = finding.match.at.path
    if path.endswith(".json") and (path.endswith(_SETTINGS) or ".chalice/" in path):
        entries = ", ".join(
            f'{{rule = "{rule}", fingerprint = "{one}", reason = "..."}}' for one in fingerprints
        )
        return f"stockade.toml: ignores = [{entries}]"
    if path.endswith(".json"):
        entries = ", ".join(
            f'{{"Rule": "{rule}", "Fingerprint": "{one}", "Reason": "..."}}'
            for one in fingerprints
        )
        return f'"Metadata": {{"Stockade": {{"Ignore": [{entries}]}}}}'
    comment = "//" if path.endswith(SLASHES) else "#"
    return f"{comment} stockade: ignore {rule} {','.join(fingerprints)} because ..."


def _in_brief(findings: Sequence[Finding], root: str) -> Iterator[Line]:
    yield line(Piece(f"and {words.count(len(findings), 'more finding')}:", "claim"))
    told = findings[:IN_BRIEF]
    column = max(len(words.code(finding.severity)) for finding in told)
    for finding in told:
        severity = words.code(finding.severity)
        yield line(
            "  ",
            Piece(severity.ljust(column), severity),
            f"  {shown(finding.match.message)}  ",
            Piece(shown(words.place(finding.match.at, root)), "place"),
            Piece(f"  {finding.rule.id}  {finding.rule.practice}", "dim"),
        )
    left = findings[IN_BRIEF:]
    if left:
        yield line(f"  and {', '.join(words.by_severity(left))} more")
    yield line(Piece("  `--full` tells each with its steps", "dim"))


def _silence(report: Report) -> Line:
    """Say what was looked at, so that silence means something."""
    types = Counter(
        source.type.value for app in report.applications for source in app.event_sources
    )
    reached = [f"{number} {name}" for name, number in types.most_common()]
    practices = sorted({rule.practice for rule in report.rules})
    silence = (
        Piece("nothing found in what could be judged", "warning")
        if report.failures
        else Piece("nothing new found" if report.baseline else "nothing found", "good")
    )
    through = f", invoked through {several(reached)}" if reached else ""
    return line(
        silence,
        f"{through}; looked for {several(practices) or 'nothing: no rule was chosen'}"
        f" with {words.count(len(report.rules), 'rule')}",
    )


def _failures(report: Report) -> Iterator[Line]:
    """Tell each failure once, however many applications it struck."""
    struck: dict[tuple[str, str], list[str]] = {}
    for failure in report.failures:
        struck.setdefault((failure.rule, failure.error), []).append(failure.application)
    for (rule, error), (first, *others) in struck.items():
        more = f" and {words.count(len(others), 'other')}" if others else ""
        yield line(Piece("error", "error"), shown(f"  {rule} failed on {first}{more}: {error}"))
    if report.failures:
        yield line("       this report is incomplete: findings may be missing; please report it")


def _ignores(report: Report) -> Iterator[Line]:
    for unseen in report.unseen:
        if unseen.kind == "ignore":
            told = f"  {words.place(unseen.at, report.root)}  {unseen.why}"
            yield line(Piece("ignore", "warning"), shown(told))
    for stale in report.stale_ignores:
        told = f"{words.place(stale.at, report.root)}  {stale.rule} {stale.fingerprint}"
        yield line(
            Piece("ignore", "warning"), f"  {shown(told)} covers nothing any more: remove it"
        )


def _totals(report: Report, seconds: float | None) -> Line:
    """Write the one line of totals."""
    functions = sum(len(app.functions) for app in report.applications)
    sources = sum(len(app.event_sources) for app in report.applications)
    parts = [
        words.count(len(report.applications), "application"),
        words.count(functions, "function"),
        words.count(sources, "event source"),
        words.found(report),
        *words.set_aside(report),
    ]
    if seconds is not None:
        parts.append(f"{seconds:.2f} s")
    return line(Piece(", ".join(parts), "claim"))


def _unseen(report: Report) -> Iterator[Line]:
    """Write the one line of what was not seen."""
    groups = words.kinds(unseen for unseen in report.unseen if unseen.kind != "ignore")
    if groups:
        told = "; ".join(
            f"{words.kind(kind, len(group))} ({_reasons([one.why for one in group])})"
            for kind, group in groups
        )
        yield line(
            Piece("not seen: ", "warning"),
            shown(told),
            Piece("  `stockade show unknowns` lists them", "dim"),
        )


def _reasons(whys: Iterable[str]) -> str:
    """Name the most frequent reasons."""
    reasons = Counter(whys).most_common()
    if len(reasons) == 1:
        return _short(reasons[0][0])
    told = [f"{number} {_short(why)}" for why, number in reasons[:2]]
    rest = sum(number for _, number in reasons[2:])
    return ", ".join([*told, f"{rest} for other reasons"] if rest else told)


def _short(why: str) -> str:
    """Return a reason as far as one line has room for it: whole clauses where there are such."""
    if len(why) <= REASON:
        return why
    clauses = [found.start() for found in _CLAUSE_ENDS.finditer(why, 0, REASON)]
    return why[: clauses[-1]] if clauses else f"{why[: REASON - 1]}…"
