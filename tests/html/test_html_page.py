"""The page around the data: one file, nothing loaded, nothing scanned becomes markup."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hostile_report import HOSTILE, hostile_report
from hypothesis import given
from hypothesis import strategies as st
from sample_report import application, finding, report

from stockade.api import scan
from stockade.model import Location, Step
from stockade.reports.html import render
from stockade.reports.html.page import harmless

CARELESS = Path(__file__).parents[2] / "examples" / "cv-mailbox" / "careless"


class Read(HTMLParser):
    """What a browser would make of the page's tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {}
        self._last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._last = tag
        if tag in ("script", "style"):
            self.inside.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        """Note what stands inside scripts and styles."""
        if self._last in self.inside and self.cdata_elem:
            self.inside[self._last][-1] += data


def data_of(page: str) -> dict[str, Any]:
    """Return what the page holds as data."""
    data: dict[str, Any] = json.loads(Read(page).inside["script"][0])
    return data


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_data(text: str) -> None:
    """Whatever things are called, the page has the same tags."""
    plain, hostile = Read(render(hostile_report("plain"))), Read(render(hostile_report(text)))

    assert hostile.tags == plain.tags
    assert hostile.inside["script"][1] == plain.inside["script"][1]


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_data_never_looks_like_markup(value: object) -> None:
    """The block of data holds no character of HTML, and reads back as what it was."""
    written = harmless({"value": value})

    assert written.isascii()
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"value": value}


@given(st.text(max_size=60))
def test_what_steers_is_not_shown(text: str) -> None:
    """Control characters and marks of direction reach the page as one harmless character."""
    message = data_of(render(report(finding(message=text))))["findings"][0]["message"]

    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", message)


def test_the_policy_admits_the_pages_own_script_and_style_only() -> None:
    """The hashes are those of what stands there, and everything else is refused."""
    page = Read(render(report(finding())))
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hashed(page.inside["script"][1])
    assert rules["style-src"] == hashed(page.inside["style"][0])
    assert rules["trusted-types"] == "'none'"
    assert "unsafe" not in policy


def hashed(text: str) -> str:
    """Name a text as a content security policy does."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_page_loads_nothing() -> None:
    """No tag names another file, none has a handler or a style of its own."""
    page = Read(render(report(finding())))

    names = {name for _, attributes in page.tags for name in attributes}
    assert not names & {"src", "href", "style", "action", "srcset"}
    assert not [name for name in names if name.startswith("on")]
    assert len(page.inside["script"]) == 2
    assert "@import" not in page.inside["style"][0]
    assert "url(" not in page.inside["style"][0]


def test_secrets_are_starred_out() -> None:
    """Neither the line of a step nor any message holds a password, nor other lines of the file."""
    code = 'key = 1\npassword = "hunter2hunter2"\nother = "not needed"\n'
    at = Location("app.py", 2, 1, 2, 30)
    app = application({"app.py": code})
    page = render(report(finding(because=(Step(at, "here"),)), applications=(app,)))

    assert "hunter2hunter2" not in page
    assert "not needed" not in page
    assert "hu************" in page


def test_two_renderings_are_the_same() -> None:
    """The same report is the same file, so that it can be compared and cached."""
    found = scan(CARELESS)

    assert render(found) == render(scan(CARELESS))


def test_the_page_of_one_application_is_small() -> None:
    """The script, the style and the data of the example fit into 200 kB."""
    assert len(render(scan(CARELESS)).encode()) < 200_000


def test_each_function_is_told_what_its_role_should_have_been() -> None:
    """Needed stands against granted, with the policy to copy, where the scan was asked for it."""
    found = scan(CARELESS, least_privilege=True)
    functions = data_of(render(found))["applications"][0]["functions"]
    judged = functions[0]["should_be"]

    assert ["needed", "s3:GetObject", "arn:${AWS::Partition}:s3:::${MailBucket}/*", ""] in [
        row[:4] for row in judged["rows"]
    ]
    assert ["too much", "s3:*", "*", "needed of it: s3:GetObject"] in [
        row[:4] for row in judged["rows"]
    ]
    assert judged["proved"]
    assert judged["policy"].startswith("Policies:\n")
    assert "dynamodb:PutItem" in judged["policy"]
    assert data_of(render(scan(CARELESS)))["applications"][0]["functions"][0]["should_be"] is None
