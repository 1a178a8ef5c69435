"""Findings in the order that their readers need them: worst first, each root cause once."""

from collections.abc import Callable, Hashable, Iterable

from stockade.model import Finding
from stockade.model.record import replace


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by severity, exposure and confidence, then by place, so that order never wavers."""
    return tuple(sorted(findings, key=_rank))


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each fingerprint; where else it shows goes into its `also`."""
    return _merged(worst_first(findings), lambda finding: finding.fingerprint)


def root_causes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep one finding of each rule and place: one line to mend is one finding.

    The worst stays. Code that several functions or applications share is found through each
    of them, and that shows in `also`.
    """
    return _merged(worst_first(findings), lambda finding: (finding.rule.id, finding.match.at))


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
