"""Findings in the order that readers need them, each root cause once."""

from itertools import permutations

from sample_report import MAIL, PATH, READ, finding, match

from stockade.model import Confidence, Exposure, Severity
from stockade.ranking import distinct, root_causes, worst_first


def test_worst_comes_first() -> None:
    """Severity comes before exposure, exposure before confidence, then places decide."""
    ordered = (
        finding(fingerprint="1" * 16),
        finding(fingerprint="2" * 16, confidence=Confidence.LOW),
        finding(fingerprint="3" * 16, exposure=Exposure.PARTNER),
        finding(fingerprint="4" * 16, severity=Severity.HIGH, at=READ),
        finding(fingerprint="5" * 16, severity=Severity.HIGH),
        finding(fingerprint="6" * 16, severity=Severity.HIGH, at=MAIL),
    )

    for mixed in permutations(ordered):
        assert worst_first(mixed) == ordered


def test_fingerprint_is_told_once() -> None:
    """The same finding at two places is one, and the other place is kept."""
    (one,) = distinct([finding(at=MAIL), finding(at=READ)])

    assert one.match.at == READ
    assert [also.at for also in one.also] == [MAIL]


def test_same_finding_twice_says_nothing_more() -> None:
    """Findings that are equal in all that is told leave no trace of the second."""
    (one,) = distinct([finding(), finding()])

    assert one.also == ()


def test_line_to_mend_is_one_finding() -> None:
    """One line that two functions reach is one finding, as bad as the worse of the two."""
    (one,) = root_causes(
        [
            finding(message="in Inner", severity=Severity.LOW, fingerprint="b" * 16),
            finding(message="in Outer", also=(match(at=MAIL),)),
        ]
    )

    assert one.severity is Severity.CRITICAL
    assert [also.message for also in one.also] == [
        "anyone can run commands in Extract",
        "in Inner",
    ]
    assert one.also_fingerprints == ("b" * 16,)


def test_rules_do_not_hide_each_other() -> None:
    """Two rules that find something on one line both tell it."""
    assert len(root_causes([finding(), finding(rule=PATH, fingerprint="b" * 16)])) == 2
