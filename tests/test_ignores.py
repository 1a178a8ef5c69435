"""Findings that the user accepts: each bound to what it was given for, with a reason."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sample_report import CODE, HERE, PATH, READ, TEMPLATE, application, finding, map_of

from stockade.ignores import Applied, apply, covers, in_comments, written_in
from stockade.model import (
    Ignore,
    List,
    Location,
    Map,
    Resource,
    Scalar,
    Stack,
    Unseen,
    Value,
)
from stockade.model.record import replace
from stockade.reports.terminal import ignore_line

TODAY = date(2026, 6, 1)
RULES = {"event-in-shell", "event-in-path"}
MINE = Ignore(rule="event-in-shell", fingerprint="3f2a91c0", reason="checked", at=READ)


def applied(*ignores: Ignore | Unseen, run: Iterable[str] = RULES) -> Applied:
    """Apply ignores to the finding of the shell command."""
    return apply([finding()], ignores, run=set(run), known=RULES, today=TODAY)


def test_ignore_covers_its_finding() -> None:
    """A finding with the rule and fingerprint of an ignore is ignored, with that ignore."""
    result = applied(MINE)

    assert result.findings == ()
    assert result.ignored[0].ignore is MINE
    assert result.stale == ()
    assert result.wrong == ()


@pytest.mark.parametrize(
    "other",
    [replace(MINE, rule="event-in-path"), replace(MINE, fingerprint="3f2a91c1")],
    ids=["rule", "fingerprint"],
)
def test_ignore_covers_nothing_else(other: Ignore) -> None:
    """An ignore of another rule, or of a finding that has changed, covers nothing: it is stale."""
    result = applied(other)

    assert len(result.findings) == 1
    assert result.stale == (other,)


def test_ignore_that_ended_is_told() -> None:
    """The last day counts; after it the finding is back, and the ignore is named."""
    assert applied(replace(MINE, until=TODAY)).findings == ()

    ended = applied(replace(MINE, until=date(2026, 5, 31)))
    assert len(ended.findings) == 1
    assert [one.why for one in ended.wrong] == [
        "this ignore of event-in-shell ended on 2026-05-31"
    ]
    assert ended.stale == ()


def test_ignore_is_not_stale_if_its_rule_did_not_run() -> None:
    """Whether an ignore is still needed can only be told if its rule ran."""
    result = applied(replace(MINE, fingerprint="00000000"), run={"event-in-path"})

    assert result.stale == ()


def test_ignore_of_no_rule_is_told() -> None:
    """A misspelt rule is told, because the ignore would otherwise never do anything."""
    result = applied(replace(MINE, rule="event-in-shel"))

    assert [one.why for one in result.wrong] == [
        "this ignore names 'event-in-shel', which is no rule"
    ]


@given(st.text("0123456789abcdef", min_size=8, max_size=16))
def test_only_a_prefix_of_the_fingerprint_covers(fingerprint: str) -> None:
    """An ignore covers a finding if and only if its digits begin the fingerprint."""
    covered = covers(replace(MINE, fingerprint=fingerprint), finding())

    assert covered == finding().fingerprint.startswith(fingerprint)


def test_comment_in_python() -> None:
    """A comment names the rule, the finding, the last day and the reason."""
    line = (
        "run(x)  # stockade: ignore event-in-shell 3F2A91C0 until 2027-01-31 because it is safe\n"
    )

    assert list(in_comments("app.py", line)) == [
        Ignore(
            rule="event-in-shell",
            fingerprint="3f2a91c0",
            reason="it is safe",
            at=Location("app.py", 1, 9, 1, len(line)),
            until=date(2027, 1, 31),
        )
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("template.yaml", "  Extract: # stockade: ignore event-in-shell 3f2a91c0 because safe"),
        ("app.ts", "run(x) // stockade: ignore event-in-shell 3f2a91c0 because safe"),
        ("app.py", "#stockade:ignore event-in-shell 3f2a91c0 because safe"),
    ],
)
def test_comment_in_other_files(path: str, line: str) -> None:
    """Comments of YAML and JavaScript count as those of Python do."""
    (ignore,) = in_comments(path, line)

    assert isinstance(ignore, Ignore)
    assert (ignore.rule, ignore.fingerprint, ignore.reason) == (
        "event-in-shell",
        "3f2a91c0",
        "safe",
    )


def test_one_comment_may_name_several_findings() -> None:
    """Fingerprints with commas between them are several ignores with one reason."""
    found = list(
        in_comments("a.py", "# stockade: ignore event-in-shell 3f2a91c0,77aabbcc because x")
    )

    assert [one.fingerprint for one in found if isinstance(one, Ignore)] == [
        "3f2a91c0",
        "77aabbcc",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "names no finding"),
        ("event-in-shell", "names no finding"),
        ("event-in-shell because it is safe", "names no finding"),
        ("event-in-shell 3f2a91c0", "gives no reason"),
        ("event-in-shell 3f2a91c0 because ", "gives no reason"),
        ("event-in-shell 3f2a91 because x", "no fingerprint"),
        ("event-in-shell zzzzzzzz because x", "no fingerprint"),
        ("event-in-shell 3f2a91c0 until soon because x", "no date"),
        ("event-in-shell 3f2a91c0 until because x", "not understood"),
        ("event-in-shell 3f2a91c0 forever because x", "not understood"),
    ],
)
def test_wrong_comments_are_told(words: str, why: str) -> None:
    """An ignore without finding or reason counts for nothing, and its line is told."""
    (told,) = in_comments("app.py", f"# stockade: ignore {words}")

    assert isinstance(told, Unseen)
    assert told.kind == "ignore"
    assert told.at.line == 1
    assert why in told.why


def test_text_that_is_no_comment_counts_for_nothing() -> None:
    """What stands in a string of Python is no ignore; neither is what only looks like one."""
    code = 'HELP = """\n# stockade: ignore event-in-shell 3f2a91c0 because x\n"""\n'

    assert list(in_comments("app.py", code)) == []
    assert list(in_comments("app.py", "# stockade: ignored by all")) == []


def test_comments_of_broken_python_still_count() -> None:
    """Code that cannot be read is searched by line."""
    code = "def f(:\n  ''' # stockade: ignore event-in-shell 3f2a91c0 because x\n"

    assert len(list(in_comments("app.py", code))) == 1


@given(st.text())
@example("\r\x80")
def test_any_text_is_read(text: str) -> None:
    """No comment, however strange, stops the scan."""
    for path in ("app.py", "template.yaml"):
        list(in_comments(path, f"# stockade: ignore {text}"))


def scalar(text: str | int) -> Scalar:
    """Return a value that a template writes."""
    return Scalar(text, HERE)


def metadata(*entries: Value) -> Map:
    """Return `Metadata` that holds ignores."""
    return map_of({"Stockade": map_of({"Ignore": List(entries, HERE)})})


ENTRY = {
    "Rule": scalar("event-in-shell"),
    "Fingerprint": scalar("3f2a91c0"),
    "Reason": scalar("checked before"),
    "Until": scalar("2027-01-31"),
}


def resource(name: str, held: Map) -> Resource:
    """Return a resource with metadata."""
    return Resource(
        id=name,
        type="AWS::Lambda::Function",
        properties=map_of({}),
        at=HERE,
        stack="",
        logical_id=name,
        written_as="AWS::Serverless::Function",
        metadata=held,
    )


def test_metadata_of_resources_counts_once() -> None:
    """What SAM expands into several resources gives its ignores to none of them twice."""
    held = metadata(map_of(ENTRY, READ))
    app = application(
        resources={name: resource(name, held) for name in ("Extract", "ExtractRole")}
    )

    (ignore,) = written_in(app, set())
    assert ignore == Ignore(
        rule="event-in-shell",
        fingerprint="3f2a91c0",
        reason="checked before",
        at=READ,
        until=date(2027, 1, 31),
    )


def test_metadata_of_the_template_counts() -> None:
    """Ignores may stand at the top of a template as well."""
    stack = Stack(
        name="",
        template="template.yaml",
        parameters={},
        outputs={},
        metadata=metadata(map_of(ENTRY)),
        at=HERE,
    )

    assert len(list(written_in(application(stacks=(stack,)), set()))) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Reason": scalar("")}, "lacks its Reason"),
        ({"Rule": List((), HERE)}, "lacks its Rule"),
        ({"Fingerprint": scalar(12345678)}, "put it in quotes"),
        ({"Fingerprint": scalar("xyz")}, "no fingerprint"),
        ({"Until": scalar("soon")}, "no date"),
        ({"Until": List((), HERE)}, "cannot be known"),
    ],
)
def test_wrong_metadata_is_told(changes: dict[str, Value], why: str) -> None:
    """An entry that lacks something counts for nothing, and is told."""
    held = metadata(map_of({**ENTRY, **changes}))
    (told,) = written_in(application(resources={"Extract": resource("Extract", held)}), set())

    assert isinstance(told, Unseen)
    assert why in told.why


def test_metadata_of_any_shape_is_read() -> None:
    """Metadata that is no map, or holds no list, is told or is nothing of ours."""
    shapes = [
        map_of({"Stockade": scalar("x")}),
        map_of({"Stockade": map_of({"Ignore": scalar("all")})}),
        map_of({"Other": scalar("x")}),
    ]
    app = application(resources={str(n): resource(str(n), held) for n, held in enumerate(shapes)})

    assert [one.why for one in written_in(app, set()) if isinstance(one, Unseen)] == [
        "this ignore must hold Rule, Fingerprint and Reason"
    ]


def test_files_of_several_applications_are_read_once() -> None:
    """Code that two applications share gives its ignores once."""
    comment = "# stockade: ignore event-in-shell 3f2a91c0 because x\n"
    app = application({"template.yaml": TEMPLATE, "app.py": comment + CODE})
    seen: set[str] = set()

    assert len(list(written_in(app, seen))) == 1
    assert list(written_in(app, seen)) == []


@pytest.mark.parametrize("path", ["app.py", "template.yaml", "app.js"])
def test_the_line_of_the_report_is_an_ignore(path: str) -> None:
    """What the report prints covers the finding once it is pasted."""
    shown = finding(at=Location(path, 1), rule=PATH)
    (ignore,) = in_comments(path, ignore_line(shown))

    assert isinstance(ignore, Ignore)
    assert covers(ignore, shown)
