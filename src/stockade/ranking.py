"""Findings in the order that their readers need them: worst first, each root cause once."""

from collections.abc import Callable, Hashable, Iterable

from stockade.model import Finding, Location, Path
from stockade.model.record import replace


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by severity, exposure and confidence, then by place, so that order never wavers."""
    return tuple(sorted(findings, key=_rank))


def worst_paths_first(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Sort by severity, exposure, goal and confidence, then the shortest first."""
    return tuple(sorted(paths, key=_rank_of_path))


def _rank_of_path(path: Path) -> tuple[object, ...]:
    return (
        -path.severity,
        -path.exposure,
        -path.goal.kind,
        -path.confidence,
        len(path.moves),
        path.says,
        path.fingerprint,
    )


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each fingerprint; where else it shows goes into its `also`."""
    return _merged(worst_first(findings), lambda finding: finding.fingerprint)


def root_causes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each rule and place, and of each cause that several places share.

    The worst stays. Code that several functions or applications share is found through each
    of them, and that shows in `also`. So does what is over with once another's cure is made: a
    bill that anyone can run up through a route is told with the route that is open, which is
    then as bad as the worse of the two.
    """
    once = _merged(worst_first(findings), lambda finding: (finding.rule.id, finding.match.at))
    return _folded(_merged(once, _cause))


def _cause(finding: Finding) -> Hashable:
    match = finding.match
    if not match.cause:
        return finding.fingerprint
    return (finding.rule.id, finding.application, match.cause)


def _folded(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Put findings that rest on others' causes beside the first of these."""
    mending = {
        place: number
        for number, finding in reversed([*enumerate(findings)])
        for match in (finding.match, *finding.also)
        if not finding.match.rests_on
        for place in match.mends
    }
    groups: dict[int, list[Finding]] = {}
    for number, finding in enumerate(findings):
        hosts = [mending.get(place) for place in _all_rested_on(finding)]
        cured = [host for host in hosts if host is not None]
        alone = not cured or len(cured) < len(hosts)
        groups.setdefault(number if alone else min(cured), []).append(finding)
    folded = (
        _as_bad_as(findings[number], group) for number, group in groups.items() if len(group) > 1
    )
    alone_still = (group[0] for group in groups.values() if len(group) == 1)
    return worst_first((*folded, *alone_still)) if len(groups) < len(findings) else findings


def _all_rested_on(finding: Finding) -> list[Location]:
    """Return what must be mended for a finding, wherever it shows, to be over."""
    matches = (finding.match, *finding.also)
    if not all(match.rests_on for match in matches):
        return []
    return [place for match in matches for place in match.rests_on]


def _as_bad_as(host: Finding, group: list[Finding]) -> Finding:
    brought = tuple(finding for finding in group if finding is not host)
    return replace(host, brings=brought, severity=max(one.severity for one in group))


def _merged(
    findings: tuple[Finding, ...], same: Callable[[Finding], Hashable]
) -> tuple[Finding, ...]:
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(same(finding), []).append(finding)
    return tuple(_with_also(group) for group in groups.values())


def _with_also(group: list[Finding]) -> Finding:
    worst, *others = group
    if not others:
        return worst
    said = {(worst.match.at, worst.match.message)}
    also = list(worst.also)
    fingerprints = dict.fromkeys(worst.also_fingerprints)
    for other in others:
        fingerprints.update(dict.fromkeys((other.fingerprint, *other.also_fingerprints)))
        for match in (other.match, *other.also):
            # The same claim about the same place adds nothing, whichever way it was found.
            if (match.at, match.message) not in said:
                said.add((match.at, match.message))
                also.append(match)
    fingerprints.pop(worst.fingerprint, None)
    return replace(worst, also=tuple(also), also_fingerprints=tuple(fingerprints))


def _rank(finding: Finding) -> tuple[object, ...]:
    match = finding.match
    return (
        -finding.severity,
        -match.exposure,
        -match.confidence,
        match.at,
        finding.rule.id,
        match.message,
        finding.fingerprint,
    )
