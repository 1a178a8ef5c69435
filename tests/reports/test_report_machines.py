"""What programs read: JSON as docs/report.schema.json says, SARIF as OASIS's schema says.

`sarif-2.1.0.json` is the schema that the package sarif-om of Microsoft holds (MIT, see the
licence beside it).
"""

import json
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from sample_report import HERE, MAIL, PATH, READ, RUN, application, finding, match, report

from stockade.model import (
    NOWHERE,
    Confidence,
    Exposure,
    Ignore,
    Ignored,
    Location,
    Report,
    RuleFailure,
    Severity,
    Step,
    Unseen,
)
from stockade.reports import json as as_json
from stockade.reports import sarif
from stockade.reports.words import code

HERE_FILE = Path(__file__)
SARIF = json.loads((HERE_FILE.parent / "sarif-2.1.0.json").read_text())
SCHEMA = json.loads((HERE_FILE.parents[2] / "docs" / "report.schema.json").read_text())

IGNORE = Ignore(
    rule="event-in-shell",
    fingerprint="3f2a91c0",
    reason="the gateway checks it",
    at=READ,
    until=date(2027, 1, 31),
)
FROM_CONFIGURATION = Ignore(
    rule="event-in-path",
    fingerprint="00aa11bb",
    reason="only we write there",
    at=Location("stockade.toml", 4),
)

EMPTY = report()
FULL = report(
    finding(also=(match(at=MAIL, message="elsewhere"),)),
    finding(
        rule=PATH,
        severity=Severity.MEDIUM,
        confidence=Confidence.LOW,
        at=Location("a b/\u00fc.py", 3),
        because=(),
        help="",
        resource=None,
        fingerprint="00aa11bb22cc33dd",
    ),
    finding(at=NOWHERE, because=(Step(NOWHERE, "a default"),), message="[x](y) {0} \x1b"),
    unseen=(Unseen(HERE, "handler", "runtime java21"), Unseen(NOWHERE, "limit", "too many")),
    failures=(RuleFailure(rule="event-in-sql", application="template.yaml", error="KeyError"),),
    ignored=(
        Ignored(finding=finding(), ignore=IGNORE),
        Ignored(finding=finding(rule=PATH), ignore=FROM_CONFIGURATION),
    ),
    stale_ignores=(IGNORE, FROM_CONFIGURATION),
)


@pytest.mark.parametrize("shown", [EMPTY, FULL], ids=["empty", "full"])
def test_json_is_as_its_schema_says(shown: Report) -> None:
    """Reports with nothing and with everything in them fit the documented schema."""
    Draft202012Validator(SCHEMA).validate(json.loads(as_json.render(shown)))


def test_json_tells_a_finding_whole() -> None:
    """A finding in JSON holds its rule, its places, its steps and its fingerprint."""
    first = as_json.document(FULL)["findings"][0]

    assert first["rule"] == "event-in-shell"
    assert first["severity"] == "critical"
    assert first["exposure"] == "anyone"
    assert first["fingerprint"] == "3f2a91c0aaaabbbb"
    assert first["at"] == {
        "path": "app.py",
        "line": 6,
        "column": 5,
        "end_line": 6,
        "end_column": 40,
    }
    assert [step["at"]["path"] for step in first["steps"]] == [
        "template.yaml",
        "app.py",
        "app.py",
    ]
    assert first["also"][0]["message"] == "elsewhere"


def test_every_key_of_json_is_documented() -> None:
    """The schema names each key that is written: none is left out of the documentation."""

    def unknown(part: object, known: set[str]) -> set[str]:
        if isinstance(part, dict):
            return {key for key in part if key not in known}.union(
                *(unknown(value, known) for value in part.values())
            )
        return (
            set().union(*(unknown(item, known) for item in part))
            if isinstance(part, list)
            else set()
        )

    known = set(SCHEMA["properties"]) | {"ignore"}
    for definition in SCHEMA["$defs"].values():
        known |= set(definition.get("properties", {}))
        known |= set(SCHEMA["$defs"]["place"]["anyOf"][1]["properties"])

    known |= {"note", "at"}
    assert unknown(as_json.document(FULL), known) == set()


@pytest.mark.parametrize(("kind", "name"), [(Exposure, "exposure"), (Severity, "severity")])
def test_every_word_of_an_enumeration_is_documented(kind: type[IntEnum], name: str) -> None:
    """The schema lists each word that stands for who can do something, or how bad it is."""
    assert SCHEMA["$defs"][name]["enum"] == [code(one) for one in sorted(kind)]


def run_of(shown: Report) -> dict[str, Any]:
    """Return the only run of the SARIF log."""
    run: dict[str, Any] = sarif.document(shown, lambda rule: f"# {rule}")["runs"][0]
    return run


@pytest.mark.parametrize("shown", [EMPTY, FULL], ids=["empty", "full"])
def test_sarif_is_as_its_schema_says(shown: Report) -> None:
    """Logs with nothing and with everything in them fit SARIF's own schema."""
    Draft4Validator(SARIF).validate(json.loads(sarif.render(shown, lambda rule: f"# {rule}")))


def test_sarif_rules_carry_weakness_and_practice() -> None:
    """Each rule is tagged with its weaknesses and practice, and scored for code scanning."""
    rule = run_of(FULL)["tool"]["driver"]["rules"][0]

    assert rule["id"] == "event-in-shell"
    assert rule["properties"] == {
        "tags": ["security", "practice/C1", "external/cwe/cwe-78"],
        "security-severity": "9.5",
    }
    assert rule["help"]["markdown"] == "# event-in-shell"


def test_sarif_code_flow_runs_from_entry_to_harm() -> None:
    """The code flow starts in the template where data enters, and ends where it does harm."""
    result = run_of(FULL)["results"][0]
    locations = result["codeFlows"][0]["threadFlows"][0]["locations"]
    places = [one["location"]["physicalLocation"] for one in locations]

    assert [place["artifactLocation"]["uri"] for place in places] == [
        "template.yaml",
        "app.py",
        "app.py",
    ]
    assert places[-1] == result["locations"][0]["physicalLocation"]
    assert result["level"] == "error"
    assert result["properties"]["exposure"] == "anyone"
    assert result["partialFingerprints"] == {"stockade/v1": "3f2a91c0aaaabbbb"}


def test_sarif_flow_ends_at_the_finding() -> None:
    """A finding whose steps end elsewhere, or that has none, still ends at its own place."""
    elsewhere = finding(because=(Step(RUN, "first"), Step(MAIL, "then")))
    flow = run_of(report(elsewhere))["results"][0]["codeFlows"][0]["threadFlows"][0]

    assert len(flow["locations"]) == 3
    assert len(run_of(FULL)["results"][1]["codeFlows"][0]["threadFlows"][0]["locations"]) == 1


def test_sarif_addresses_are_relative_and_quoted() -> None:
    """Artifact addresses are relative to a named base, whatever characters paths hold."""
    run = run_of(FULL)
    place = run["results"][1]["locations"][0]["physicalLocation"]

    assert place["artifactLocation"] == {"uri": "a%20b/%C3%BC.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 1}
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"].startswith("file:///")
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"].endswith("/")


def test_sarif_levels_follow_severity() -> None:
    """Medium findings are warnings, low ones notes."""
    shown = report(finding(severity=Severity.MEDIUM), finding(severity=Severity.LOW))

    assert [one["level"] for one in run_of(shown)["results"]] == ["warning", "note"]


def test_sarif_ignored_findings_are_suppressed() -> None:
    """Ignored findings stay in the log, suppressed where and why the user wrote it."""
    suppressions = [
        one["suppressions"][0] for one in run_of(FULL)["results"] if "suppressions" in one
    ]

    assert [one["kind"] for one in suppressions] == ["inSource", "external"]
    assert suppressions[0]["justification"] == "the gateway checks it"


def test_sarif_tells_what_was_not_seen() -> None:
    """What was not seen and what failed are notifications; a failure is no success."""
    invocation = run_of(FULL)["invocations"][0]
    named = [one["descriptor"]["id"] for one in invocation["toolExecutionNotifications"]]

    assert named == [
        "unseen/handler",
        "unseen/limit",
        "rule-failure",
        "stale-ignore",
        "stale-ignore",
    ]
    assert not invocation["executionSuccessful"]
    assert run_of(EMPTY)["invocations"][0]["executionSuccessful"]


def test_sarif_messages_hold_no_links_of_others() -> None:
    """What looks like a link or a placeholder in scanned names is neither."""
    text = run_of(FULL)["results"][2]["message"]["text"]

    assert text.startswith("[x] (y) {{0}} \x1b. Run a list")


def test_machine_reports_are_ascii_without_secrets() -> None:
    """Control characters are escaped and tokens starred in JSON and SARIF."""
    token = "AKIA" + "ABCDEFGHIJKLMNOP"
    shown = report(finding(message=f"uses {token} \x1b\u202e"), applications=(application(),))
    for text in (as_json.render(shown), sarif.render(shown)):
        assert text.isascii()
        assert "\x1b" not in text
        assert token not in text
