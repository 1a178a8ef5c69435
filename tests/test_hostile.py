"""The scanned repository is hostile: no crash, no hang, nothing run, nothing read outside."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hostile import CANARY, CASES, FUNCTION, SHELL, application, links, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.api import scan
from stockade.cli import main
from stockade.config import Config
from stockade.model import Persona
from stockade.reports.terminal import render

CARELESS = Path(__file__).parent.parent / "examples" / "cv-mailbox" / "careless"
SOURCES = Path(__file__).parent.parent / "src"

FINISHED = {0, 3, 11, 12, 13, 14}
"""The exit codes of a scan that did its work: all but 1, failed, and 2, bad usage."""

SECONDS = 20
"""A bound that only a hang meets: every case here takes a fraction of it."""


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Fail instead of hanging."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        message = f"not done after {seconds} s"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_folder_is_scanned_to_the_end(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a folder holds, the scan ends in time with an exit code that says it was done."""
    folder = tmp_path / "app"
    folder.mkdir()
    CASES[case](folder)

    with limit(SECONDS):
        code = main(["scan", str(folder), "--format", "json"])

    told = capsys.readouterr()
    assert code in FINISHED, told.err
    report = json.loads(told.out)
    assert CANARY not in told.out + told.err
    assert len(told.out) < 2_000_000
    assert not report.get("failures")


NOT_SEEN = {
    "broken-yaml": "template.yaml",
    "not-text": "template.yaml",
    "utf-16": "template.yaml",
    "alias-bomb-in-use": "template.yaml",
    "flow-deep": "template.yaml",
    "json-deep": "template.json",
    "json-list-deep": "template.json",
    "json-cut": "template.json",
    "block-deep": "template.yaml",
    "sub-deep": "template.yaml",
    "pipes": "src/app",
    "code-broken": "src/app.py",
    "code-not-text": "src/app.py",
    "code-deep-calls": "src/app.py",
    "code-parentheses": "src/app.py",
    "links": "sub",
}


@pytest.mark.parametrize("case", NOT_SEEN)
def test_what_was_not_seen_is_said(case: str, tmp_path: Path) -> None:
    """The file is named, with a reason that fits on a line."""
    folder = tmp_path / "app"
    folder.mkdir()
    CASES[case](folder)

    unseen = scan(folder).unseen

    assert [one for one in unseen if NOT_SEEN[case] in f"{one.at.path} {one.why}"]
    assert all(one.why and "\n" not in one.why and len(one.why) < 500 for one in unseen)


WATCHED = """\
import os, sys
roots = tuple(os.path.realpath(root) for root in {roots!r})
forbidden = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "socket.",
             "ctypes.dlopen", "shutil.", "os.remove", "os.rename", "os.mkdir", "os.symlink")
def watch(event, arguments):
    if event.startswith(forbidden):
        os.write(2, f"forbidden: {{event}} {{arguments!r}}\\n".encode())
        os._exit(99)
    if event in ("open", "os.listdir", "os.scandir", "os.walk"):
        path = arguments[0]
        if isinstance(path, (str, bytes)):
            real = os.path.realpath(os.fsdecode(path))
            if not real.startswith(roots):
                os.write(2, f"outside: {{event}} {{real}}\\n".encode())
                os._exit(98)
sys.addaudithook(watch)
sys.path.insert(0, {sources!r})
from stockade.cli import main
from stockade.config import Config
from stockade.model import Persona
sys.exit(main({arguments!r}))
"""


def watched(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run stockade in a process that dies if it runs something or opens a file elsewhere."""
    roots = [str(folder), sys.prefix, sys.base_prefix, str(SOURCES), "/usr/share/zoneinfo"]
    program = WATCHED.format(roots=roots, sources=str(SOURCES), arguments=list(arguments))
    return subprocess.run(
        [sys.executable, "-P", "-B", "-c", program],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * SECONDS,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    """Neither by link nor by `..`, nor by an absolute path, in any file that names another."""
    folder = tmp_path / "app"
    folder.mkdir()
    links(folder)

    done = watched(folder, "scan", ".", "--format", "json")

    assert done.returncode in FINISHED, done.stderr
    assert CANARY not in done.stdout + done.stderr


HARMFUL = "open({marker!r}, 'w').write('executed')\n"


def test_nothing_that_is_scanned_is_run(tmp_path: Path) -> None:
    """Code with an effect on import has none, wherever Python would look for it."""
    folder, marker = tmp_path / "app", tmp_path / "executed"
    harmful = HARMFUL.format(marker=str(marker))
    application(folder, code=harmful + SHELL)
    for name in ("yaml", "json", "conftest", "setup", "sitecustomize", "stockade", "rich", "ast"):
        put(folder / f"{name}.py", harmful)
        put(folder / "src" / f"{name}.py", harmful)
    put(folder / "src" / "stockade" / "__init__.py", harmful)
    put(folder / "pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "setup"\n')

    done = watched(folder, "scan", ".", "--format", "text")

    assert done.returncode in FINISHED - {3}, done.stderr
    assert not marker.exists()


def test_all_hostile_folders_at_once(tmp_path: Path) -> None:
    """One bad application does not stop the others, and an honest one among them is read."""
    folder = tmp_path / "all"
    for case, write in CASES.items():
        if not case.startswith(("enormous", "many")):
            (folder / case / "app").mkdir(parents=True)
            write(folder / case / "app")
    application(folder / "honest")

    done = watched(folder, "scan", ".", "--format", "json")

    assert done.returncode in FINISHED - {0, 3}, done.stderr
    assert "honest/template.yaml" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


ESCAPE, BACKWARDS = "\x1b", "\u202e"


def test_hostile_names_are_shown_and_not_interpreted(tmp_path: Path) -> None:
    """No control character and no text direction of a scanned file reaches the screen."""
    folder = tmp_path / "app"
    name = "A[red]b[/red]<b>\\u202E\\e[2Jc"
    application(
        folder,
        template=FUNCTION.replace("Public:", f'"{name}":').replace("Web:", '"W\\e]0;x\\a":'),
        code=SHELL.replace('"convert "', f'"{ESCAPE}[31m{BACKWARDS}"'),
    )
    put(folder / f"{BACKWARDS}lmay.{ESCAPE}[31m.yaml", "AWSTemplateFormatVersion: [\nResources: {")

    told = render(scan(folder))

    assert "[red]b[/red]" in told
    assert not [c for c in told if c != "\n" and not c.isprintable()]


SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYq7b2kd9sQ1",
    "GITHUB_TOKEN": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "STRIPE_KEY": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "DB_PASSWORD": "correct-horse-battery-staple-42",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_secrets_are_not_printed_whole(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret on the very line that a finding shows stays out of the report."""
    variables = "".join(f"          {name}: {value}\n" for name, value in SECRETS.items())
    lines = "".join(
        f'    {name} = "{value}"; os.system("curl " + event["body"])\n'
        for name, value in SECRETS.items()
    )
    application(
        tmp_path,
        template=FUNCTION + "      Environment:\n        Variables:\n" + variables,
        code=f"import os\n\n\ndef handler(event, context):\n{lines}",
    )

    assert main(["scan", str(tmp_path), "--format", form]) in FINISHED

    told = capsys.readouterr()
    assert not [name for name, value in SECRETS.items() if value in told.out + told.err]


def mutated(text: str, seed: int, times: int) -> str:
    """Cut, double, move and replace pieces of a text, always the same way for a seed."""
    chance = random.Random(seed)
    lines = text.splitlines(keepends=True)
    for _ in range(times):
        here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = lines[here]
        at = chance.randrange(len(line) + 1)
        match chance.randrange(7):
            case 0:
                lines[here] = ""
            case 1:
                lines[here] = line * 2
            case 2:
                lines[here], lines[there] = lines[there], line
            case 3:
                lines[here] = (
                    line[:at] + chance.choice("{}[]()!&*:-'\"#\n\t \\%@,|>é0") + line[at:]
                )
            case 4:
                lines[here] = line[:at] + line[at + chance.randrange(1, 9) :]
            case 5:
                lines[here] = "  " * chance.randrange(4) + line.lstrip()
            case _:
                lines[here] = line[:at] + lines[there].strip() + line[at:]
    return "".join(lines)


MUTABLE = sorted(
    path.relative_to(CARELESS)
    for path in (CARELESS / "template.yaml", *CARELESS.glob("*/*.py"))
    if path.parent.name != "tests"
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    victim=st.sampled_from(MUTABLE),
    seed=st.integers(0, 2**32),
    times=st.integers(1, 12),
)
def test_a_mutated_application_is_scanned_to_the_end(
    tmp_path: Path, victim: Path, seed: int, times: int
) -> None:
    """A real application with some lines spoilt gives a report, and no stage fails."""
    for path in MUTABLE:
        put(tmp_path / path, (CARELESS / path).read_bytes())
    put(tmp_path / victim, mutated((CARELESS / victim).read_text(), seed, times))

    with limit(SECONDS):
        report = scan(tmp_path)
        render(report)

    assert report.failures == ()


def test_long_resources_are_compared_with_what_aws_knows(tmp_path: Path) -> None:
    """Strict readers are told of grants without effect: a long ARN, or many stars, stop nobody."""
    long, starred = f"arn:aws:s3:::{'a' * 1_900}/x", f"arn:aws:s3:::{'*a' * 900}"
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [long, starred]}
    policy = {"PolicyName": "own", "PolicyDocument": {"Statement": statement}}
    role = {"AssumeRolePolicyDocument": {}, "Policies": [policy]}
    resources = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}
    (tmp_path / "template.json").write_text(json.dumps({"Resources": resources}))

    with limit(SECONDS):
        report = scan(tmp_path, Config(persona=Persona.STRICT))

    assert report.failures == ()
