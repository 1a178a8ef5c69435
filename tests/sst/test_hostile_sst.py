"""Configurations that nobody writes by accident: each ends soon, none leaves the folder."""

import time
from pathlib import Path

import pytest
from sst_loading import config, loaded
from terraform_loading import written

from stockade.load import load
from stockade.model import Handler

SECONDS = 30
DEEP = 5_000
QUEUE = 'new sst.aws.Queue("Q");'


def shown(value: str) -> str:
    """Return statements that use a value."""
    return f'new aws.sqs.Queue("Shown", {{ name: {value} }}); {QUEUE}'


def doubling(first: str, again: str, times: int = 60) -> str:
    """Return constants of which each holds the one before it twice."""
    lines = [f"let a = {first};"] + [f"a = {again};"] * times
    return " ".join(lines) + shown("a")


BOMBS = {
    "parentheses": shown("(" * DEEP + "1" + ")" * DEEP),
    "brackets": shown("[" * DEEP + "]" * DEEP),
    "objects": shown("{ a: " * DEEP + "1" + " }" * DEEP),
    "operators": shown("1" + " + 1" * DEEP),
    "members": shown("sst" + ".a" * DEEP),
    "calls": shown("f(" * DEEP + ")" * DEEP),
    "conditions": shown("x ? 1 : " * DEEP + "0"),
    "functions": shown("(() => " * DEEP + "1" + ")()" * DEEP),
    "blocks": "{" * DEEP + QUEUE + "}" * DEEP,
    "a text that doubles": doubling('"x"', "a + a"),
    "a template that doubles": doubling('"x"', "`${a}${a}`"),
    "a list that doubles": doubling("[1]", "[...a, ...a]"),
    "a list in a list": doubling("[1]", "[a, a]"),
    "an object that doubles": doubling("{ x: 1 }", "{ x: a, y: a }"),
    "encoding what doubles": doubling("{ x: 1 }", "{ x: a, y: a }").replace(
        "name: a", "name: JSON.stringify(a)"
    ),
    "a policy that doubles": doubling("{ x: 1 }", "{ x: a, y: a }")
    + 'new aws.iam.Role("R", { assumeRolePolicy: a });',
    "an object of itself": f"const a: any = {{}}; a.a = a; {shown('a')}",
    "a list of itself": f"const a: any[] = []; a.push(a); {shown('a')}",
    "a link of itself": "const a: any[] = []; a.push(a);"
    f'new sst.aws.Function("F", {{ handler: "a.handler", link: a }}); {QUEUE}',
    "a function of itself": f"function f(): any {{ return f() + f(); }} {shown('f()')}",
    "functions of each other": "const f = () => g(); const g = () => f(); " + shown("f()"),
    "a class of itself": "class A { constructor() { new A(); new A(); } } new A(); " + QUEUE,
    "a class that extends itself": "class A extends A {} new A(); " + QUEUE,
    "loops in loops": f"const n = '{'x' * 300}'.split('');"
    "for (const a of n) for (const b of n) for (const c of n) new sst.aws.Queue(a + b + c);"
    + QUEUE,
    "a loop that grows": f"const n = [1]; for (const a of n) n.push(a, a); {QUEUE}",
    "many resources": f"for (const a of '{'x' * 900}'.split(''))"
    "for (const b of ['1', '2', '3', '4', '5']) new aws.sqs.Queue(a + b);" + QUEUE,
    "long numbers": shown("9" * 100_000),
    "a transform that adds to itself": "$transform(sst.aws.Queue, () => {"
    "new sst.aws.Queue('X'); });" + QUEUE,
    "a number that grows": doubling("9999999", "a * a"),
    "a joined list": shown(f"Array.from('{'x' * 900}'.split('')).join('{'y' * 900}')") * 1,
    "a list of lists": "const a = '"
    + "x" * 900
    + "'.split(''); let b: any = a; "
    + "b = a.map(() => b);" * 10
    + shown("JSON.stringify(b)"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_survived_and_the_rest_is_read_or_told(name: str, tmp_path: Path) -> None:
    """In bounded time, and a limit that was reached is told."""
    before = time.process_time()
    app, unseen = loaded(tmp_path, BOMBS[name])

    assert time.process_time() - before < SECONDS
    assert "Q" in app.resources or unseen


def test_a_huge_configuration_takes_time_in_proportion(tmp_path: Path) -> None:
    """Two thousand queues, each on lines of its own."""
    before = time.process_time()
    app, _ = loaded(tmp_path, "\n".join(f'new aws.sqs.Queue("Q{n}");' for n in range(2_000)))

    assert time.process_time() - before < SECONDS
    assert len(app.resources) == 2_000


def test_files_that_import_each_other_are_read_once(tmp_path: Path) -> None:
    """A circle of imports ends."""
    files = {
        "a.ts": 'import { b } from "./b"; export const a = new sst.aws.Queue("A");',
        "b.ts": 'import { a } from "./a"; export const b = new sst.aws.Queue("B");',
    }
    app, _ = loaded(tmp_path, 'await import("./a");', files)

    assert sorted(app.resources) == ["A", "B"]


OUTSIDE = (
    'await import("../secret");',
    'await import("../../secret.ts");',
    'await import("/etc/passwd");',
    'await import("./link");',
    'readdirSync("..").map((one) => new sst.aws.Queue(one));',
    'new sst.aws.Function("F", { handler: "../secret.handler" });',
    'new sst.aws.Function("F", { handler: "secret.handler", bundle: "../" });',
)


@pytest.mark.parametrize("run", OUTSIDE)
def test_nothing_outside_the_folder_is_read(run: str, tmp_path: Path) -> None:
    """Neither by imports nor by links, listings or handlers."""
    written(tmp_path, {"secret.ts": 'new sst.aws.Queue("Outside"); export const handler = 1;'})
    inside = written(
        tmp_path / "app",
        {"sst.config.ts": config(run + QUEUE, 'import { readdirSync } from "fs";')},
    )
    (inside / "link.ts").symlink_to(tmp_path / "secret.ts")
    (app,) = load(inside).applications

    assert "Outside" not in app.resources
    assert not any("secret" in name for name in app.resources)
    assert not any(isinstance(one.handler, Handler) for one in app.functions.values())


def test_a_configuration_is_never_run(tmp_path: Path) -> None:
    """What it would do to this machine is not done."""
    run = f"""
    require("child_process").execSync("touch {tmp_path}/pwned");
    fs.writeFileSync("{tmp_path}/pwned", "x");
    {QUEUE}
    """
    app, _ = loaded(tmp_path, run, head='import fs from "fs";')

    assert "Q" in app.resources
    assert not (tmp_path / "pwned").exists()
