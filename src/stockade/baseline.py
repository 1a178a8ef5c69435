"""An earlier report, so that only what is new since then counts.

The report is one that `stockade scan` wrote as JSON or as SARIF. Its findings are recognised by
rule and fingerprint, which survive moved lines; an exposure that has grown makes another
fingerprint, so what has become worse is new. A finding that an ignore covered in the earlier
report is no part of the baseline: whoever takes the ignore away sees it again.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, TypeAlias

from stockade.errors import InputError
from stockade.model import Baseline, Finding, Known
from stockade.model.record import record, replace

LARGEST = 200_000_000
"""Bytes of an earlier report; a larger one is refused."""

_HINT = "name a report that `stockade scan --format json` or `--format sarif` wrote"
_SARIF_KEY = "stockade/v1"

Recognised: TypeAlias = tuple[str, str]
"""A finding by its rule and fingerprint."""


@record(kw_only=True)
class Earlier:
    """The findings of an earlier report."""

    name: str
    findings: tuple[Known, ...]


@record
class Applied:
    """What is left of the findings, and what became of the baseline if there is one."""

    findings: tuple[Finding, ...]
    baseline: Baseline | None = None

    def told(self, merged: Callable[[Iterable[Finding]], tuple[Finding, ...]]) -> Baseline | None:
        """Return the baseline as reports tell it: its findings merged as the others are."""
        if self.baseline is None:
            return None
        return replace(self.baseline, known=merged(self.baseline.known))


def read(path: str | Path) -> Earlier:
    """Read an earlier report.

    Raises `InputError` for a file that is not there, is too large or is no report of stockade's.
    """
    document = _document(Path(path))
    if "runs" in document:
        found = _of_sarif(document)
    elif "findings" in document and "stockade" in document:
        found = _of_json(document)
    else:
        message = f"the baseline {path} is no report of stockade"
        raise InputError(message, _HINT)
    return Earlier(name=str(path), findings=tuple(dict.fromkeys(found)))


def apply(
    findings: Iterable[Finding],
    earlier: Earlier | None,
    *,
    run: AbstractSet[str],
    ignored: Iterable[Finding] = (),
) -> Applied:
    """Take out the findings that the earlier report held already, if there is one.

    `run` are the ids of the rules that ran: what another rule found then is not gone. `ignored`
    are findings that are there and accepted, which are not gone either.
    """
    if earlier is None:
        return Applied(tuple(findings))
    held = {each for one in earlier.findings for each in _places(one)}
    new: list[Finding] = []
    known: list[Finding] = []
    seen = {_recognised(one) for one in ignored}
    for finding in findings:
        seen.add(_recognised(finding))
        (known if _recognised(finding) in held else new).append(finding)
    gone = tuple(
        one for one in earlier.findings if one.rule in run and seen.isdisjoint(_places(one))
    )
    return Applied(tuple(new), Baseline(name=earlier.name, known=tuple(known), gone=gone))


def _places(one: Known) -> Iterator[Recognised]:
    return ((one.rule, fingerprint) for fingerprint in (one.fingerprint, *one.also))


def _recognised(finding: Finding) -> Recognised:
    return finding.rule.id, finding.fingerprint


def _document(path: Path) -> dict[str, Any]:
    import json  # noqa: PLC0415 - most scans have no baseline

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        message = f"the baseline {path} cannot be read: {error.strerror}"
        raise InputError(message, _HINT) from error
    if len(content) > LARGEST:
        message = f"the baseline {path} is larger than {LARGEST // 1_000_000} MB"
        raise InputError(message, _HINT)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"the baseline {path} is not JSON"
        raise InputError(message, _HINT) from error
    return document if isinstance(document, dict) else {}


def _of_json(document: dict[str, Any]) -> Iterator[Known]:
    """Yield what `--format json` told, with what its own baseline knew."""
    before = document.get("baseline")
    known = before.get("known") if isinstance(before, dict) else ()
    found = [*_objects(document.get("findings")), *_objects(known)]
    for one in (*found, *(brought for each in found for brought in _objects(each.get("brings")))):
        also = one.get("also_fingerprints")
        yield from _known(one.get("rule"), one.get("fingerprint"), one.get("message"), also)


def _of_sarif(document: dict[str, Any]) -> Iterator[Known]:
    """Yield the results of `--format sarif` that were there and not suppressed."""
    for run in _objects(document.get("runs")):
        for result in _objects(run.get("results")):
            if not result.get("suppressions") and result.get("baselineState") != "absent":
                yield from _of_result(result)
                for brought in _objects(_object(result.get("properties")).get("brings")):
                    yield from _of_result(brought)


def _of_result(result: dict[str, Any]) -> Iterator[Known]:
    mine = _object(result.get("partialFingerprints")).get(_SARIF_KEY)
    message = _object(result.get("message")).get("text")
    also = _object(result.get("properties")).get("also-fingerprints")
    return _known(result.get("ruleId"), mine, message, also)


def _objects(listed: object) -> Iterator[dict[str, Any]]:
    if isinstance(listed, list | tuple):
        yield from (one for one in listed if isinstance(one, dict))


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _known(rule: object, fingerprint: object, message: object, also: object) -> Iterator[Known]:
    if isinstance(rule, str) and isinstance(fingerprint, str):
        others = also if isinstance(also, list) else ()
        yield Known(
            rule,
            fingerprint,
            message if isinstance(message, str) else "",
            tuple(one for one in others if isinstance(one, str)),
        )
