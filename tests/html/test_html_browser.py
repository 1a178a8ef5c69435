"""The page in a browser: opened, read, clicked, searched and played as a person would."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import chromium
import pytest
from chromium import Browser, Page
from hostile_report import HOSTILE, hostile_report
from sample_report import application, finding, report
from services import services

from stockade.api import scan
from stockade.model import Severity
from stockade.reports.html import render

CARELESS = Path(__file__).parents[2] / "examples" / "cv-mailbox" / "careless"

pytestmark = pytest.mark.skipif(
    chromium.executable() is None,
    reason="Chromium is not installed: `sh support/page tools`, or name it by CHROMIUM",
)

OPENED_WITHIN = 2.0
"""Seconds until the largest page is there."""

OVERLAPS = """
(() => {
  const boxes = [...document.querySelectorAll(".drawing .node")]
    .filter(node => !node.closest(".lifted"))
    .map(node => node.querySelector(".body").getBoundingClientRect());
  let overlaps = 0;
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
    const apart = a.right <= b.left + 0.5 || b.right <= a.left + 0.5
      || a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5;
    overlaps += !apart;
  }));
  return [boxes.length, overlaps];
})()
"""

CONTRASTS = """
(() => {
  const parsed = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = parsed(getComputedStyle(element).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    if (element.closest("script, style, noscript, svg")) continue;
    if (!element.checkVisibility()) continue;
    const [a, b] = [light(parsed(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.push([contrast.toFixed(2), walker.currentNode.data.slice(0, 40)]);
  }
  return low;
})()
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests."""
    with chromium.browser() as started:
        yield started


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of the CV mailbox."""
    file = tmp_path_factory.mktemp("careless") / "report.html"
    file.write_text(render(scan(CARELESS, least_privilege=True, measure=True)), encoding="utf-8")
    return file


@pytest.fixture
def page(browser: Browser, careless: Path) -> Iterator[Page]:
    """Open the report of the CV mailbox; nothing may be complained of until it is closed."""
    opened = browser.page()
    opened.open(careless)
    yield opened
    assert opened.complaints() == []
    opened.close()


def test_the_worst_comes_first(page: Page) -> None:
    """The list begins with what is critical, and says how many there are."""
    assert page.text(".rows li").startswith("critical")
    assert re.fullmatch(r"\d+ findings", page.text(".said"))


def test_a_finding_opens_with_its_proof(page: Page) -> None:
    """A click shows the steps with the author's lines, and lights the way from outside."""
    page.click(".rows .row")

    assert "can run commands in Intake" in page.text(".panel h2")
    assert "subprocess.run(command, shell=True" in page.text(".steps")
    lit = page.run("[...document.querySelectorAll('.node.on .label')].map(one => one.textContent)")
    assert set(lit) == {"anyone", "StoreMail", "MailBucket", "Intake"}


def test_paths_are_listed_and_played(page: Page) -> None:
    """The worst path comes first; each step lights what it is about, the last what is lost."""
    page.click(".tabs [data-tab=paths]")
    page.press("j")

    assert "read and change every bucket and table" in page.text(".panel h2")
    assert page.text(".said") == "2 attack paths"
    assert "Each of these alone closes it" in page.text(".panel")
    assert "intake/extract.py:19" in page.text(".cuts")
    page.press(*["ArrowRight"] * 3)
    assert "subprocess.run(command, shell=True" in page.text(".steps [aria-current]")
    page.press(*["ArrowRight"] * 2)
    assert "every bucket and table of the account" in page.text(".steps [aria-current]")
    assert page.text(".node.now .label") == "every bucket"
    lit = page.run("[...document.querySelectorAll('.node.on .label')].map(one => one.textContent)")
    assert set(lit) == {
        "anyone", "StoreMail", "MailBucket", "Intake", "every bucket", "every table"
    }  # fmt: skip
    assert page.run("location.hash") == "#path-0"


def test_a_path_is_opened_by_its_address(page: Page) -> None:
    """A link to a path shows it, in the list of paths."""
    page.run("location.hash = 'path-1'")
    page.run("new Promise(done => setTimeout(done, 100))")

    assert "ATS_API_KEY" in page.text(".panel h2")
    assert "ATS_API_KEY" in page.text(".rows [aria-current]")


def test_what_is_lost_with_a_function_is_lit(page: Page) -> None:
    """Its panel tells what is lost if its code is taken over, and a button lights it."""
    page.click(".tabs [data-tab=functions]")
    page.press("j")

    assert "Lost if its code is taken over" in page.text(".panel")
    page.run(
        "[...document.querySelectorAll('.panel button')]"
        ".find(one => one.textContent === 'Show in the drawing').click()"
    )
    lit = page.run(
        "[...document.querySelectorAll('.node.then .label')].map(one => one.textContent)"
    )
    assert set(lit) == {"every bucket", "every table"}


def test_steps_are_played_on_the_drawing(page: Page) -> None:
    """Each step marks its row, and what it is about in the drawing."""
    page.press("j", "ArrowRight", "ArrowRight")

    assert "each object stored there reaches Intake" in page.text(".steps [aria-current]")
    assert page.text(".progress").startswith("Step 2 of")
    assert page.run("document.querySelector('.edge.now title').textContent") == "new object"

    page.press("ArrowLeft")
    assert page.text(".progress").startswith("Step 1 of")


def test_playing_goes_on_by_itself_and_can_be_stopped(page: Page) -> None:
    """The play button shows one step after the other until it is pressed again."""
    page.click(".rows .row")
    page.click(".play")
    page.wait("document.querySelector('.progress').textContent.startsWith('Step 2')")
    page.click(".play")

    assert page.text(".play") == "Play"


def test_keys_move_through_the_list(page: Page) -> None:
    """`j` and `k` open the next and the previous finding, Enter reads it, Escape closes it."""
    page.press("j", "j")
    second = page.text(".panel h2")
    page.press("k")

    assert page.text(".panel h2") != second
    page.press("Enter")
    assert page.run("document.activeElement.tagName") == "H2"
    page.press("Escape")
    assert page.number(".steps") == 0
    assert page.number("[aria-current]") == 0


def test_search_narrows_the_list(page: Page) -> None:
    """`/` goes to the search; what is typed stands in the findings that are left."""
    page.press("/")
    page.type("shell intake/extract")

    assert page.number(".rows li") == 1
    assert page.text(".said").startswith("1 of ")
    page.press("Escape")
    assert page.number(".rows li") > 1
    page.type("no such thing anywhere")
    assert page.text(".rows") == "Nothing matches the filters."


def test_filters_by_severity_and_rule(page: Page) -> None:
    """A chip and a choice each leave what they say."""
    page.click(".chips [data-severity=high]")
    kinds = page.run(
        "[...document.querySelectorAll('.rows .severity')].map(one => one.textContent)"
    )
    assert set(kinds) == {"high"}

    page.click(".chips [data-severity=high]")
    page.run(
        "(select => { select.value = 'C1'; select.dispatchEvent(new Event('change')) })"
        "(document.querySelector('[aria-label=\"Rule or practice\"]'))"
    )
    assert page.text(".rows code") == "event-in-shell"
    assert page.number(".rows li") == 1


def test_a_function_tells_who_sends_to_it_and_what_it_opens(page: Page) -> None:
    """A click in the drawing shows event sources, environment and role."""
    page.click(".node.function")

    told = page.text(".panel")
    assert "anyone can send mail to it; each object stored there reaches Intake" in told
    assert "ATS_API_KEY" in told
    assert "s3:*, dynamodb:*" in told
    assert page.run("location.hash").startswith("#node-0-")


def test_a_function_tells_what_its_role_should_have_been(page: Page) -> None:
    """What is needed and what is too much is listed, and the exact policy can be copied."""
    page.click(".node.function")

    assert "too much" in page.text(".panel")
    assert "Policies:" in page.text(".panel .line pre")


def test_the_address_opens_what_it_names(page: Page, careless: Path) -> None:
    """A link to a finding can be passed on."""
    page.send("Page.navigate", url=f"{careless.as_uri()}#finding-1")
    page.wait("document.querySelector('.panel h2')?.textContent.includes('choose the file')")


def test_every_tab_lists_something_or_says_so(page: Page) -> None:
    """Functions, entry points and what was not seen each have their list."""
    found = {}
    for at, name in enumerate(("findings", "paths", "functions", "entries", "unseen")):
        page.click(".tabs button", at)
        found[name] = page.text(".said")

    assert found["paths"] == "2 attack paths"
    assert found["functions"] == "2 functions"
    assert found["entries"] == "3 entry points"


def test_keys_are_told(page: Page) -> None:
    """`?` shows the keys, Escape closes them."""
    page.press("?")
    assert page.run("document.querySelector('dialog').open")
    page.click("dialog button")
    assert not page.run("document.querySelector('dialog').open")


def test_the_theme_follows_the_system_until_it_is_chosen(page: Page) -> None:
    """Dark where the system is dark; `t` turns it round."""
    back = "getComputedStyle(document.body).backgroundColor"
    bright = page.run(back)
    page.prefer(color_scheme="dark")
    dark = page.run(back)
    page.press("t")

    assert dark != bright
    assert page.run(back) == bright
    page.run("localStorage.clear()")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read(page: Page, theme: str) -> None:
    """Each text stands out from what is behind it by 4.5 to 1, in both themes."""
    page.prefer(color_scheme=theme)
    assert page.run(CONTRASTS) == []
    page.press("j", "ArrowRight")
    assert page.run(CONTRASTS) == []
    page.click(".node.function")
    page.click(".chips [data-severity=critical]")
    assert page.run(CONTRASTS) == []


def test_landmarks_and_names(page: Page) -> None:
    """There is one main part and one heading of the page, and everything to press has a name."""
    page.press("j")

    assert page.number("main") == page.number("h1") == 1
    unnamed = page.run(
        "[...document.querySelectorAll('button, input, select, [role=button]')].filter(one =>"
        " !(one.getAttribute('aria-label') || one.textContent.trim())).length"
    )
    assert unnamed == 0


def test_reduced_motion_stands_still(page: Page) -> None:
    """Nothing glides for those who asked for less motion."""
    page.prefer(reduced_motion="reduce")
    page.press("j", "ArrowRight", "f")

    assert page.number(".gliding") == 0


def test_paper_holds_every_finding(page: Page) -> None:
    """Printed, all findings stand one after the other with their steps, and no button."""
    page.run("dispatchEvent(new Event('beforeprint'))")
    page.media("print")

    assert page.number(".paper article") == page.number(".rows li")
    assert page.run("getComputedStyle(document.querySelector('main')).display") == "none"
    page.media("screen")
    page.run("dispatchEvent(new Event('afterprint'))")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(browser: Browser, text: str, tmp_path: Path) -> None:
    """Nothing of what a repository says runs, loads or becomes an element, wherever it shows."""
    file = tmp_path / "report.html"
    file.write_text(render(hostile_report(text)), encoding="utf-8")
    page = browser.page()
    page.send(
        "Page.addScriptToEvaluateOnNewDocument", source="window.alert = () => { window.ran = 1 }"
    )
    page.open(file)
    for at in range(4):
        page.click(".tabs button", at)
    page.click(".tabs button")
    page.press("j", "ArrowRight", "Escape", "?", "Escape")

    assert page.run("window.ran") is None
    assert page.number("img, iframe, object, embed, link") == 0
    assert page.number("script") == 2
    assert page.complaints() == []
    page.close()


def quickest(page: Page, file: Path) -> float:
    """Open a file three times: other tests run at the same time, and are not what is measured."""
    return min(page.open(file) for _ in range(3))


def test_three_hundred_functions_open_without_overlap(browser: Browser, tmp_path: Path) -> None:
    """A large application is a map: there in time, each function in a place of its own."""
    services(tmp_path / "app", 300)
    file = tmp_path / "report.html"
    text = render(scan(tmp_path / "app"))
    file.write_text(text, encoding="utf-8")
    page = browser.page()

    seconds = quickest(page, file)
    nodes, overlaps = page.run(OVERLAPS)

    assert nodes > 300
    assert overlaps == 0
    assert seconds < OPENED_WITHIN
    assert len(text) < 2_000_000
    page.press("j", "ArrowRight")
    assert page.number(".lifted .node.now") == 1
    assert page.complaints() == []
    page.close()


@pytest.mark.parametrize("functions", [1, 5, 20, 45, 90])
def test_nothing_overlaps_at_any_size(browser: Browser, functions: int, tmp_path: Path) -> None:
    """In layers or as a map, no two things are drawn in one place."""
    services(tmp_path / "app", functions)
    file = tmp_path / "report.html"
    file.write_text(render(scan(tmp_path / "app")), encoding="utf-8")
    page = browser.page()
    page.open(file)

    assert page.run(OVERLAPS)[1] == 0
    page.close()


def test_a_folder_of_hundreds_opens_with_an_index(browser: Browser, tmp_path: Path) -> None:
    """Many applications are a table, the worst first; one is entered and left again."""
    apps = tuple(application(name=f"services/{number}/template.yaml") for number in range(600))
    bad = [
        finding(app=app.name, severity=Severity(1 + at % 4)) for at, app in enumerate(apps[:90])
    ]
    file = tmp_path / "report.html"
    file.write_text(render(report(*bad, applications=apps)), encoding="utf-8")
    page = browser.page()

    seconds = quickest(page, file)

    assert seconds < OPENED_WITHIN
    assert page.number(".index tbody tr") == 600
    first = page.text(".index tbody td")
    page.click(".index .link")
    assert page.text(".panel h2") == first
    assert page.number(".drawing .node") > 0
    page.press("Escape")
    assert page.number(".index") == 1
    assert page.complaints() == []
    page.close()


def test_a_report_of_nothing_says_so(browser: Browser, tmp_path: Path) -> None:
    """An empty folder has a page that opens and says that nothing was found."""
    file = tmp_path / "report.html"
    (tmp_path / "empty").mkdir()
    file.write_text(render(scan(tmp_path / "empty")), encoding="utf-8")
    page = browser.page()
    page.open(file)

    assert "nothing found" in page.text(".bar")
    assert page.complaints() == []
    assert json.loads(page.run("document.getElementById('report').textContent"))["findings"] == []
    page.close()
