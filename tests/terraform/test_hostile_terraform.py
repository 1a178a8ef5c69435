"""Configurations that nobody writes by accident: each ends in bounded time."""

import time
from pathlib import Path

import pytest
from terraform_loading import loaded, properties, written

from stockade.api import scan
from stockade.load import load

SECONDS = 30
QUEUE = 'resource "aws_sqs_queue" "q" { name = "q" }\n'
DEEP = 10_000


def doubling(first: str, again: str, times: int) -> str:
    """Return locals of which each holds the one before it twice."""
    lines = [f"  a0 = {first}"]
    lines += [f"  a{n} = {again.replace('LAST', f'local.a{n - 1}')}" for n in range(1, times)]
    return "locals {\n" + "\n".join(lines) + "\n}\n" + shown(f"local.a{times - 1}")


def shown(expression: str) -> str:
    """Return a resource that shows the value of an expression."""
    return f'resource "aws_sns_topic" "shown" {{ display_name = {expression} }}\n'


BOMBS = {
    "parentheses": shown("(" * DEEP + "1" + ")" * DEEP),
    "brackets": shown("[" * DEEP + "]" * DEEP),
    "objects": shown("{ a = " * DEEP + "1" + " }" * DEEP),
    "operators": shown("1" + " + 1" * DEEP),
    "negations": shown("!" * DEEP + "true"),
    "conditionals": shown("true ? 1 : " * DEEP + "0"),
    "indexes": shown("local.a" + "[0]" * DEEP),
    "attributes": shown("local" + ".a" * DEEP),
    "calls": shown("upper(" * 3_000 + '"a"' + ")" * 3_000),
    "texts in texts": shown('"${' * 2_000 + '"a"' + '}"' * 2_000),
    "directives": shown('"' + "%{ if true }" * 2_000 + "%{ endif }" * 2_000 + '"'),
    "blocks": "resource aws_sns_topic shown {\n" + "a {\n" * DEEP + "}\n" * DEEP + "}\n",
    "a text that doubles": doubling('"x"', '"${LAST}${LAST}"', 60),
    "a list that doubles": doubling("[1]", "concat(LAST, LAST)", 60),
    "a list in a list": doubling("[1]", "[LAST, LAST]", 60),
    "an object that doubles": doubling("{ a = 1 }", "{ a = LAST, b = LAST }", 60),
    "comparing what doubles": doubling("[1]", "[LAST, LAST]", 40)
    + 'resource "aws_sns_topic" "b" { display_name = local.a39 == [local.a38, local.a38] }\n',
    "encoding what doubles": doubling("[1]", "[LAST, LAST]", 40).replace(
        "= local.a39", '= "x${jsonencode(local.a39)}"'
    ),
    "count": 'resource "aws_sqs_queue" "many" { count = 1000000000 }\n',
    "count of digits": f'resource "aws_sqs_queue" "many" {{ count = {"9" * 5000} }}\n',
    "for each": 'resource "aws_sqs_queue" "many" { for_each = toset(range(1000000)) }\n',
    "loops in loops": shown(
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"
    ),
    "a product": shown("setproduct(range(1000), range(1000), range(1000))"),
    "a range": shown("range(1000000000)"),
    "padding": shown('format("%9999d", 1)'),
    "a local of itself": "locals {\n  a = local.b\n  b = local.a\n}\n" + shown("local.a"),
    "a resource of itself": shown("aws_sns_topic.shown.display_name"),
    "a long chain": "locals {\n"
    + "\n".join(f"  a{n} = [local.a{n + 1}]" for n in range(3_000))
    + "\n  a3000 = 1\n}\n"
    + shown("local.a0"),
    "numbers": shown("*".join(["99999999999999999"] * 60)),
    "a power": shown("pow(10, 100000)"),
    "division": shown("1 / 0"),
    "a pattern": shown(f'replace("{"a" * 50_000}", "a", "{"b" * 50_000}")'),
    "dynamic blocks": 'resource "aws_sqs_queue" "q" {\n  dynamic "x" {\n'
    "    for_each = range(5000)\n    content {\n"
    '      dynamic "y" {\n        for_each = range(5000)\n        content { a = y.value }\n'
    "      }\n    }\n  }\n}\n",
    "a document": 'resource "aws_iam_policy" "p" { policy = "' + '{\\"a\\":' * 3_000 + '"\n}\n',
    "a module of itself": 'module "me" { source = "./" }\n' + QUEUE,
    "names": 'resource "aws_sqs_queue" "q" {\n'
    '  for_each = toset(["}${x}", "\\u001b[31m", "a/../b"])\n}\n',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name: str, tmp_path: Path) -> None:
    """The scan ends soon, and fails at nothing."""
    written(tmp_path, {"main.tf": QUEUE.replace("q", "calm") + BOMBS[name]})

    start = time.process_time()
    report = scan(tmp_path)

    assert time.process_time() - start < SECONDS
    assert not report.failures
    assert report.applications


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../secret.txt", "../../../../etc/passwd", "link.txt", "${path.cwd}/../x"],
)
def test_files_outside_are_not_read(path: str, tmp_path: Path) -> None:
    """`file` and `templatefile` give nothing that lies outside of the scanned folder."""
    (tmp_path / "secret.txt").write_text("the secret")
    folder = tmp_path / "scanned"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    text = shown(f'try(file("{path}"), templatefile("{path}", {{}}), "nothing")')

    application, _ = loaded(folder, text)

    assert properties(application, "aws_sns_topic.shown")["DisplayName"] == "nothing"


def test_a_module_outside_is_not_read(tmp_path: Path) -> None:
    """A source above the scanned folder is told, and not followed."""
    written(tmp_path, {"modules/x/main.tf": QUEUE})

    application, unseen = loaded(
        tmp_path / "scanned", QUEUE + 'module "x" {\n  source = "../modules/x"\n}\n'
    )

    assert list(application.resources) == ["aws_sqs_queue.q"]
    assert [one.why for one in unseen] == [
        "the module ../modules/x lies outside the scanned folder"
    ]


def test_modules_that_call_each_other_end(tmp_path: Path) -> None:
    """A circle of modules is cut where it closes."""
    call = 'module "next" { source = "../%s" }\n' + QUEUE
    written(tmp_path, {"a/main.tf": call % "b", "b/main.tf": call % "a"})
    written(tmp_path, {"main.tf": 'module "a" { source = "./a" }\n'})

    (application,) = load(tmp_path).applications

    assert list(application.resources) == [
        "module.a.aws_sqs_queue.q",
        "module.a.module.next.aws_sqs_queue.q",
    ]


def test_what_parses_of_a_broken_file_is_used(tmp_path: Path) -> None:
    """The broken part is told with its line; what stands before and after it counts."""
    text = (
        'resource "aws_sqs_queue" "before" {}\n\n'
        'resource "aws_sqs_queue" "broken" {\n  name = = 1\n}\n\n'
        'resource "aws_sqs_queue" "after" {\n  name = "x"\n}\n'
    )

    application, unseen = loaded(tmp_path, text)

    assert {"aws_sqs_queue.before", "aws_sqs_queue.after"} <= application.resources.keys()
    assert any(one.at.line == 4 and "not valid HCL" in one.why for one in unseen)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "}",
        "resource",
        'resource "aws_sqs_queue"',
        "\x00\x01",
        "{{{{",
        '"${',
        "x = <<EOT\n",
        "é = 1",
    ],
)
def test_scraps_are_no_application(text: str, tmp_path: Path) -> None:
    """What holds no resource is read without a failure, and is no application."""
    written(tmp_path, {"main.tf": text})

    assert load(tmp_path).applications == ()


def test_the_instances_that_are_left_out_are_told(tmp_path: Path) -> None:
    """Of a billion instances a few hundred are looked at."""
    application, unseen = loaded(tmp_path, BOMBS["count"])

    assert len(application.resources) == 300
    assert [(one.kind, one.why) for one in unseen] == [
        ("limit", "only 300 of its 1,000,000,000 instances are looked at")
    ]
