"""HTTP, a queue, a bucket, a table, a shell: found once and told in full, or not at all."""

import json
import shutil
from pathlib import Path

import pytest

from stockade.api import scan
from stockade.model import Exposure, Finding
from stockade.reports import sarif

APPS = Path(__file__).parent.parent / "apps"
PYTHON, JAVASCRIPT = "jobs-in-python", "jobs-in-javascript"
WHOLE = (PYTHON, JAVASCRIPT, "jobs-in-two-languages")

NEAR_MISSES = {
    "the notification is about other keys": ("template.yaml", "Value: jobs/", "Value: photos/"),
    "the notification is about deleted objects": (
        "template.yaml",
        "s3:ObjectCreated:*",
        "s3:ObjectRemoved:*",
    ),
    "the item goes into another table": (
        "template.yaml",
        "ORDERS: !Ref Orders",
        "ORDERS: elsewhere",
    ),
    "the message goes to another queue": ("template.yaml", "JOBS: !Ref Jobs", "JOBS: elsewhere"),
    "the mapping's filter asks for other messages": (
        "template.yaml",
        "Queue: !GetAtt Jobs.Arn",
        """Queue: !GetAtt Jobs.Arn
            FilterCriteria:
              Filters:
                - Pattern: '{"body": {"count": [2]}}'""",
    ),
    "the stream's filter asks for other items": (
        "template.yaml",
        "StartingPosition: LATEST",
        """StartingPosition: LATEST
            FilterCriteria:
              Filters:
                - Pattern: '{"eventName": ["REMOVE"], "dynamodb": {"NewImage": {"id": [""]}}}'""",
    ),
    "the role may not send": (
        "template.yaml",
        "SQSSendMessagePolicy",
        "SQSPollerPolicy",
    ),
    "the role may not write to the bucket": ("template.yaml", "S3WritePolicy", "S3ReadPolicy"),
    "the role may not write to the table": (
        "template.yaml",
        "DynamoDBWritePolicy",
        "DynamoDBReadPolicy",
    ),
}

MADE_SAFE = {
    "quoted where it is sent": (
        PYTHON,
        "take/app.py",
        'job = {"file": order["file"]',
        'from shlex import quote\n    job = {"file": quote(order["file"])',
    ),
    "a number": (PYTHON, "take/app.py", 'order["file"]', 'int(order["file"])'),
    "one of those that are known": (
        PYTHON,
        "keep/app.py",
        "        s3.put_object(",
        '        if job["file"] not in ("a", "b"):\n            continue\n        s3.put_object(',
    ),
    "another field": (PYTHON, "keep/app.py", 'job["file"]', 'job["count"]'),
    "another attribute": (PYTHON, "convert/app.py", '["name"]', '["count"]'),
    "a number, in JavaScript": (JAVASCRIPT, "take/app.mjs", "order.file", "Number(order.file)"),
    "another field, in JavaScript": (JAVASCRIPT, "keep/app.mjs", "{ file }", "{ count: file }"),
    "one of those that are known, in JavaScript": (
        JAVASCRIPT,
        "list/app.mjs",
        "    await orders",
        '    if (!["a.png", "b.png"].includes(name)) continue;\n    await orders',
    ),
}


def in_shells(folder: Path) -> list[Finding]:
    """Return what is found to reach a shell."""
    return [one for one in scan(folder).findings if one.rule.id == "event-in-shell"]


def exposures(folder: Path) -> set[Exposure]:
    """Return who can reach a shell: of the last function's own event if nobody else can."""
    return {finding.match.exposure for finding in in_shells(folder)}


def changed(name: str, file: str, old: str, new: str, folder: Path) -> Path:
    """Copy an application, with one text of it replaced."""
    made = folder / name
    shutil.copytree(APPS / name, made)
    text = (made / file).read_text()
    assert old in text
    (made / file).write_text(text.replace(old, new))
    return made


@pytest.mark.parametrize("name", WHOLE)
def test_the_way_through_every_service_is_found_once(name: str) -> None:
    """What anyone posts is run by a shell four functions later: one finding, critical."""
    (finding,) = in_shells(APPS / name)

    assert finding.match.exposure is Exposure.ANYONE
    assert finding.match.resource == "Convert"
    assert not finding.also


@pytest.mark.parametrize("name", WHOLE)
def test_the_steps_lead_through_every_file(name: str) -> None:
    """The route, then each function's lines and the trigger of the next, then the sink."""
    (finding,) = in_shells(APPS / name)

    steps = finding.match.because
    order = [step.at.path.partition("/")[0] for step in steps]
    once = [path for place, path in enumerate(order) if place == 0 or order[place - 1] != path]
    template = "template.yaml"
    assert once == [
        *(template, "take", template, "keep", template, "list", template, "convert"),
    ]
    assert steps[-1].at == finding.match.at


@pytest.mark.parametrize("name", WHOLE)
def test_sarif_tells_the_whole_way(name: str) -> None:
    """The code flow begins at the route and ends where the shell is."""
    log = json.loads(sarif.render(scan(APPS / name)))

    (result,) = [one for one in log["runs"][0]["results"] if one["ruleId"] == "event-in-shell"]
    (flow,) = result["codeFlows"][0]["threadFlows"]
    places = [
        one["location"]["physicalLocation"]["artifactLocation"]["uri"] for one in flow["locations"]
    ]
    assert places[0] == "template.yaml"
    assert places[-1].startswith("convert/")
    assert len(set(places)) == 5


@pytest.mark.parametrize("miss", NEAR_MISSES)
@pytest.mark.parametrize("name", WHOLE)
def test_what_the_template_keeps_out_does_not_arrive(name: str, miss: str, tmp_path: Path) -> None:
    """Where one trigger or role on the way does not let it pass, nobody outside reaches it."""
    found = exposures(changed(name, *NEAR_MISSES[miss], tmp_path))

    assert found == {Exposure.APPLICATION}


@pytest.mark.parametrize("how", MADE_SAFE)
def test_what_was_made_safe_on_the_way_is_safe_at_its_end(how: str, tmp_path: Path) -> None:
    """What one function checks or quotes is safe in those that come after it."""
    assert Exposure.ANYONE not in exposures(changed(*MADE_SAFE[how], tmp_path))


def test_a_role_that_is_not_known_is_told(tmp_path: Path) -> None:
    """A role that is made elsewhere may send, for all that is known; the step says so."""
    old = """      Policies:
        - SQSSendMessagePolicy:
            QueueName: !GetAtt Jobs.QueueName
"""
    role = "      Role: arn:aws:iam::123456789012:role/elsewhere\n"
    (finding,) = in_shells(changed(PYTHON, "template.yaml", old, role, tmp_path))

    assert finding.match.exposure is Exposure.ANYONE
    assert any("if its role may" in step.note for step in finding.match.because)


def test_what_only_a_schedule_begins_stays_inside(tmp_path: Path) -> None:
    """Without the route nobody outside writes anything, however many functions hand it on."""
    route = """          Type: HttpApi
          Properties:
            Path: /jobs
            Method: post
"""
    schedule = """          Type: Schedule
          Properties:
            Schedule: rate(1 day)
"""
    found = exposures(changed(PYTHON, "template.yaml", route, schedule, tmp_path))

    assert found == {Exposure.APPLICATION}
