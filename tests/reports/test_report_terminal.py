"""What people read: the worst first, in few lines, and nothing of it from a hostile hand."""

import io
import re

import pytest
from sample_report import (
    CODE,
    HERE,
    MAIL,
    PATH,
    READ,
    RUN,
    TEMPLATE,
    application,
    finding,
    match,
    report,
)

from stockade.model import (
    Confidence,
    Ignore,
    Ignored,
    Location,
    Report,
    RuleFailure,
    Severity,
    Step,
    Unseen,
)
from stockade.model.record import replace
from stockade.reports.layout import coloured
from stockade.reports.paint import in_colour
from stockade.reports.terminal import IN_BRIEF, IN_FULL, Style, lines, render


def test_finding_is_told_with_its_steps() -> None:
    """A finding is its claim, its steps with the author's lines, the help and the ignore."""
    text = render(report(finding()), Style(seconds=0.214))

    assert text == (
        "critical  anyone can run commands in Extract  event-in-shell  C1\n"
        "  template.yaml:7:9  anyone can send mail that is stored here\n"
        "    | Mail:\n"
        "    | ^^^^\n"
        "  app.py:5:12        the name of the attachment is read\n"
        '    | name = event["Records"][0]["s3"]["object"]["key"]\n'
        "    |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  app.py:6:5         and a shell runs it\n"
        '    | os.system("pdftotext /tmp/" + name)\n'
        "    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        '  help run a list without a shell: subprocess.run(["pdftotext", path], check=True)\n'
        "  # stockade: ignore event-in-shell 3f2a91c0 because ...\n"
        "\n"
        "1 application, 1 function, 2 event sources, 1 finding (1 critical), 0.21 s\n"
    )


def test_first_line_is_the_worst_finding() -> None:
    """Nothing stands before the first finding's claim."""
    text = render(report(finding(), unseen=(Unseen(HERE, "handler", "is java"),)))

    assert text.startswith("critical  anyone can run commands")


def test_silence_says_what_was_looked_at() -> None:
    """When nothing is found, the report tells what was read and looked for."""
    assert render(report()) == (
        "nothing found, invoked through 1 s3 and 1 http-api; looked for C1 and C4 with 2 rules\n"
        "1 application, 1 function, 2 event sources, 0 findings\n"
    )


def test_what_was_not_seen_is_one_line() -> None:
    """What was not seen is grouped by kind, with the most frequent reasons."""
    unseen = (
        *(Unseen(Location("t.yaml", line), "handler", "runtime java21") for line in range(8)),
        Unseen(HERE, "handler", "its file is not in the folder"),
        Unseen(HERE, "handler", "runtime go1.x"),
        Unseen(HERE, "code", "does not parse"),
    )

    assert render(report(unseen=unseen)).splitlines()[-1] == (
        "not seen: 10 handlers (8 runtime java21, 1 its file is not in the folder,"
        " 1 for other reasons); 1 file of code (does not parse)"
        "  `stockade show unknowns` lists them"
    )


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("there is no cdk.out: run `cdk synth`, then scan the folder again", "run `cdk synth`"),
        ("a reason of one clause that is far too long for the room there is here", "the room th…"),
        ("short: as it is", "short: as it is"),
    ],
)
def test_a_long_reason_ends_with_a_clause(why: str, told: str) -> None:
    """What `show unknowns` says in full is told as far as there is room for whole clauses."""
    unseen = (Unseen(Location("template.yaml", 1), "handler", why),)

    last = render(report(unseen=unseen)).splitlines()[-1]

    assert f"{told})" in last


def test_steps_of_one_line_show_it_once() -> None:
    """Two steps on one line of source share the line, each with its mark."""
    first = Location("app.py", 6, 5, 6, 14)
    second = Location("app.py", 6, 35, 6, 39)
    text = render(report(finding(because=(Step(first, "this"), Step(second, "with this")))))

    assert text.count("os.system") == 1
    assert "    | ^^^^^^^^^                     ^^^^\n" in text


def test_steps_that_findings_share_are_told_once() -> None:
    """A finding that begins with the steps of an earlier one points at them."""
    way = tuple(Step(Location("app.py", line), f"goes on {line}") for line in (1, 2, 4, 5))
    first = finding(because=(*way, Step(RUN, "a shell runs it")))
    second = finding(because=(*way, Step(READ, "it names a file")), fingerprint="b" * 16)
    text = render(report(first, second)).split("\n\n")[1]

    assert text.splitlines()[1:4] == [
        "  app.py:1:1   goes on 1",
        "  ...          3 steps as above",
        "  app.py:5:12  it names a file",
    ]


def test_many_findings_are_told_in_brief() -> None:
    """After the first in full the others get a line each, and then only their number."""
    many = [finding(fingerprint=f"{number:016x}") for number in range(IN_FULL + IN_BRIEF + 3)]
    text = render(report(*many))

    assert text.count("  help ") == IN_FULL
    assert f"and {IN_BRIEF + 3} more findings:" in text
    assert text.count("app.py:6:5  event-in-shell  C1") == IN_BRIEF
    assert "  and 3 critical more\n" in text
    assert render(report(*many), Style(full=True)).count("  help ") == len(many)


def test_places_of_the_same_cause_are_compact() -> None:
    """The same root cause elsewhere is one line, with the first few named."""
    also = tuple(match(message=f"anyone can run commands in F{number}") for number in range(5))
    text = render(report(finding(also=(match(at=MAIL), *also))))

    assert (
        "  also anyone can run commands in Extract (template.yaml:7:9);"
        " anyone can run commands in F0; anyone can run commands in F1; and 3 more\n"
    ) in text


def test_places_are_clickable_from_where_the_user_stands() -> None:
    """Places start with the scanned folder as the user named it."""
    text = render(report(finding(), root="services/mail"))

    assert "  services/mail/app.py:6:5  " in text


def test_doubt_is_said() -> None:
    """A finding that is less than sure says so in its first line."""
    text = render(report(finding(rule=PATH, confidence=Confidence.MEDIUM)))

    assert text.splitlines()[0].endswith("event-in-path  C4  medium confidence")


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        ("app.py", "# stockade: ignore event-in-shell 3f2a91c0 because ..."),
        ("template.yaml", "# stockade: ignore event-in-shell 3f2a91c0 because ..."),
        ("app.ts", "// stockade: ignore event-in-shell 3f2a91c0 because ..."),
        (
            "template.json",
            (
                '"Metadata": {"Stockade": {"Ignore": [{"Rule": "event-in-shell",'
                ' "Fingerprint": "3f2a91c0", "Reason": "..."}]}}'
            ),
        ),
    ],
)
def test_ignore_can_be_pasted(path: str, comment: str) -> None:
    """The ignore is written as the file of the finding writes comments."""
    text = render(report(finding(at=Location(path, 1))))

    assert f"  {comment}\n" in text


def test_ignore_names_all_that_the_finding_tells() -> None:
    """A finding that shows in several functions is accepted with one line."""
    shown = replace(finding(), also_fingerprints=("77aabbcc" * 2,))

    assert "# stockade: ignore event-in-shell 3f2a91c0,77aabbcc because" in render(report(shown))


def test_failures_are_told() -> None:
    """A rule that failed is told with its name, and that the report is incomplete."""
    failure = RuleFailure(rule="event-in-sql", application="template.yaml", error="KeyError: 'x'")
    text = render(report(failures=(failure,)))

    assert text.startswith("nothing found in what could be judged, ")
    assert "error  event-in-sql failed on template.yaml: KeyError: 'x'\n" in text
    assert "this report is incomplete" in text


def test_failure_of_many_applications_is_told_once() -> None:
    """The same failure on several applications is one line, with their number."""
    failures = tuple(
        RuleFailure(rule="analysis", application=name, error="KeyError: 'x'") for name in "abc"
    )
    text = render(report(failures=failures))

    assert "error  analysis failed on a and 2 others: KeyError: 'x'\n" in text


def test_ignores_that_do_not_count_are_told() -> None:
    """Stale ignores and ignores written wrongly each get a line; used ones are counted."""
    ignore = Ignore(rule="event-in-shell", fingerprint="3f2a91c0", reason="checked", at=READ)
    text = render(
        report(
            ignored=(Ignored(finding=finding(), ignore=ignore),),
            stale_ignores=(ignore,),
            unseen=(Unseen(RUN, "ignore", "this ignore gives no reason"),),
        )
    )

    assert "ignore  app.py:6:5  this ignore gives no reason\n" in text
    assert "ignore  app.py:5:12  event-in-shell 3f2a91c0 covers nothing any more" in text
    assert "0 findings, 1 ignored\n" in text
    assert "not seen" not in text


def test_quiet_leaves_findings_only() -> None:
    """Quiet tells no totals and nothing of what was not seen."""
    unseen = (Unseen(HERE, "handler", "runtime java21"),)

    assert render(report(unseen=unseen), Style(quiet=True)) == ""
    assert render(report(finding(), unseen=unseen), Style(quiet=True)).endswith("...\n\n")


def hostile(code: str, **changes: str) -> Report:
    """Return a report about code that tries to speak to the terminal."""
    app = application({"template.yaml": TEMPLATE, "app.py": code})
    return report(replace(finding(), match=match(**changes)), applications=(app,))


def test_scanned_text_cannot_steer_the_terminal() -> None:
    """Escape sequences, line breaks and bidirectional marks arrive as a replacement sign."""
    evil = "\x1b[2J\x9b31m\u202e\u2066\r\x07\x00 \u2028"
    lines_of_code = CODE.replace("pdftotext", evil.replace("\r", ""))
    text = render(hostile(lines_of_code, message=f"run {evil} now", help=evil))

    assert not set(evil) - {"[", "2", "J", "3", "1", "m", " "} & set(text)
    assert text.splitlines()[0].startswith("critical  run \N{REPLACEMENT CHARACTER}[2J")


def test_markup_is_only_text() -> None:
    """What looks like markup or a link is written as it stands."""
    text = coloured(lines(hostile(CODE, message="[red]x[/red] [link=http://x]y"), Style()))

    assert "[red]x[/red] [link=http://x]y" in text


def test_secrets_in_source_lines_are_starred() -> None:
    """A literal that a source line gives to a password is not shown whole."""
    code = CODE.replace('"pdftotext /tmp/" + name', 'name, password="hunter2hunter2"')
    text = render(hostile(code))

    assert "hunter2" not in text
    assert 'os.system(name, password="hu************")' in text


def test_wide_lines_are_cut_around_the_mark() -> None:
    """A long source line shows the stretch that matters, cut on both sides."""
    line = "x = 1; " * 100 + "os.system(name)" + "; y = 2" * 100
    at = Location("app.py", 1, 701, 1, 716)
    app = application({"app.py": line})
    text = render(report(finding(at=at, because=(Step(at, "runs it"),)), applications=(app,)))
    shown = next(line for line in text.splitlines() if "os.system" in line)

    assert len(shown) <= 110
    assert shown.startswith("    | …")
    assert shown.endswith("…")
    assert "^" * 15 in text


def test_tabs_and_wide_characters_keep_marks_in_place() -> None:
    """Marks stand under their stretch whatever the characters before it are."""
    code = "\tname = '\u65e5\u672c'; run(name)\n"
    at = Location("app.py", 1, 15, 1, 24)
    app = application({"app.py": code})
    told = render(report(finding(at=at, because=(Step(at, "runs it"),)), applications=(app,)))

    assert "    | name = '\u65e5\u672c'; run(name)\n    |                ^^^^^^^^^\n" in told


def test_places_outside_the_text_do_no_harm() -> None:
    """A place past the end of its line or file is told without a source line's mark."""
    odd = (
        Location("app.py", 6, 500, 6, 900),
        Location("app.py", 99),
        Location("gone.py", 1, 1, 9, 9),
    )
    text = render(report(finding(because=tuple(Step(at, "odd") for at in odd))))

    assert "gone.py:1:1" in text
    assert "app.py:99:1" in text


def test_no_colour_where_it_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours appear on a terminal only, and not with NO_COLOR."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert in_colour(Terminal())
    assert not in_colour(io.StringIO())
    assert in_colour(io.StringIO(), "always")
    assert not in_colour(Terminal(), "never")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not in_colour(Terminal())


def test_colours_change_no_word() -> None:
    """The coloured report says what the plain one says; only carets become colours."""
    shown = report(finding(), finding(rule=PATH, severity=Severity.HIGH))
    text = coloured(lines(shown, Style()))
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)

    assert "\x1b[1;7;31mcritical\x1b[0m" in text
    assert '\x1b[1;4;31mos.system("pdftotext /tmp/" + name)\x1b[0m' in text
    assert bare == "".join(
        f"{line}\n" for line in render(shown).splitlines() if line.strip(" |^") or not line
    )
