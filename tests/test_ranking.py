"""Findings in the order that readers need them, each root cause once."""

from itertools import permutations

from sample_report import MAIL, PATH, READ, finding, match

from stockade.model import Confidence, Exposure, Location, RuleInfo, Severity
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


OPEN = RuleInfo(
    id="route-without-authorizer",
    title="anyone can call a route",
    harm=Severity.HIGH,
    practice="G2",
    cwe=(306,),
)
FIRST, SECOND, THIRD = (Location("template.yaml", line, 5) for line in (20, 30, 40))


def test_what_another_cure_mends_is_told_with_it() -> None:
    """A finding that rests on an open route stands with the route, which is as bad as both."""
    route = finding(rule=OPEN, severity=Severity.MEDIUM, fingerprint="b" * 16, mends=(FIRST,))
    (one,) = root_causes([finding(rests_on=(FIRST,), at=READ), route])

    assert one.rule is OPEN
    assert one.severity is Severity.CRITICAL
    assert [brought.fingerprint for brought in one.brings] == ["3f2a91c0aaaabbbb"]
    assert one.also_fingerprints == ()
    assert [match.at for match in one.elsewhere] == [READ]


def test_what_is_only_partly_mended_stands_alone() -> None:
    """A finding that rests on two routes is not over when one of them is mended."""
    route = finding(rule=OPEN, fingerprint="b" * 16, mends=(FIRST,))

    assert len(root_causes([finding(rests_on=(FIRST, SECOND), at=READ), route])) == 2


def test_two_cures_together_mend_it() -> None:
    """A finding that rests on two routes stands with the worse where both are told."""
    first = finding(rule=OPEN, fingerprint="b" * 16, mends=(FIRST,), at=MAIL)
    second = finding(rule=OPEN, fingerprint="c" * 16, mends=(SECOND, THIRD), at=READ)
    found = root_causes([first, second, finding(rests_on=(FIRST, SECOND))])

    assert len(found) == 2
    assert [len(one.brings) for one in found].count(1) == 1


def test_what_shows_elsewhere_without_resting_on_it_stands_alone() -> None:
    """Where the same line is also reached in a way that the cure leaves open, it is told."""
    route = finding(rule=OPEN, fingerprint="b" * 16, mends=(FIRST,))
    both = [
        finding(rests_on=(FIRST,), at=READ),
        finding(at=READ, message="another way", fingerprint="d" * 16),
    ]

    assert all(one.brings == () for one in root_causes([route, *both]))


def test_findings_that_rest_on_nothing_stay_where_they_are() -> None:
    """Nothing is brought by chance: a place that is mended brings only what rests on it."""
    route = finding(rule=OPEN, fingerprint="b" * 16, mends=(READ,))
    found = root_causes([route, finding(at=READ)])

    assert all(one.brings == () for one in found)
