"""What a Dockerfile says of an image: its stages, what is copied where, and what is started.

Follows "Dockerfile reference" of Docker's documentation. Nothing is run: files that `RUN` makes
are not there.
"""

import json
import posixpath
from collections.abc import Iterator, Mapping

from stockade._late import pattern
from stockade.model.record import record

TASK_ROOT = "/var/task"
"""The folder of the code in AWS's base images, `LAMBDA_TASK_ROOT`."""

_VARIABLE = pattern(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::([-+])([^}]*))?\})")
_HEREDOC = pattern(r"<<-?\s*([\"']?)([A-Za-z_]\w*)\1")
_ASSIGNED = pattern(r"([A-Za-z_]\w*)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|\S*)")
_AWS_BASE = pattern(r"(?:^|/)(?:lambda/|aws-lambda-)[a-z]+")

_MOST_INSTRUCTIONS = 2_000
_LONGEST_VALUE = 4_096
"""Characters of a value: variables that are put into each other may grow without end."""


@record
class Copy:
    """One `COPY` or `ADD`.

    `sources` are paths of the build's context, or of an earlier stage; `target` is absolute, and
    `into_folder` tells that it is written as a folder. `stage` is the number of the stage that is
    copied from, None for the context.
    """

    sources: tuple[str, ...]
    target: str
    into_folder: bool
    stage: int | None = None


@record
class Stage:
    """One stage of a build. `parent` is the earlier stage that it begins with, else None."""

    name: str
    base: str
    parent: int | None
    workdir: str
    copies: tuple[Copy, ...] = ()
    command: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()


class _Draft:
    """A stage whose instructions are being read."""

    def __init__(self, name: str, base: str, parent: int | None, before: Stage | None) -> None:
        self.name = name
        self.base = base
        self.parent = parent
        self.workdir = before.workdir if before is not None else ""
        if before is None:
            self.workdir = TASK_ROOT if _AWS_BASE.search(base) else "/"
        self.copies: list[Copy] = []
        self.command = before.command if before is not None else ()
        self.entry = before.entry if before is not None else ()

    def finished(self) -> Stage:
        return Stage(
            self.name,
            self.base,
            self.parent,
            self.workdir,
            tuple(self.copies),
            self.command,
            self.entry,
        )


def is_aws_base(image: str) -> bool:
    """Tell whether an image is one of AWS's for functions: `public.ecr.aws/lambda/python:3.13`."""
    return _AWS_BASE.search(image) is not None


def read_dockerfile(text: str, arguments: Mapping[str, str]) -> tuple[Stage, ...]:
    """Return the stages of a Dockerfile. `arguments` are those that the build is given."""
    stages: list[Stage] = []
    draft: _Draft | None = None
    shared: dict[str, str] = {}
    names: dict[str, str] = {}
    for word, rest in _instructions(text):
        if word == "FROM":
            if draft is not None:
                stages.append(draft.finished())
            draft = _begun(_filled(rest, shared), stages)
            names = {"LAMBDA_TASK_ROOT": TASK_ROOT, "LAMBDA_RUNTIME_DIR": "/var/runtime"}
        elif word == "ARG":
            _argue(rest, arguments, shared, names if draft is not None else shared)
        elif draft is not None:
            _instruct(draft, word, rest, names, stages)
    if draft is not None:
        stages.append(draft.finished())
    return tuple(stages)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction's word and its arguments; comments and heredocs are left out."""
    lines = iter(text.splitlines())
    for _ in range(_MOST_INSTRUCTIONS):
        line = next(lines, None)
        if line is None:
            return
        parts = []
        while line is not None:
            stripped = line.strip()
            if not stripped.startswith("#"):
                parts.append(stripped.removesuffix("\\"))
                if not stripped.endswith("\\"):
                    break
            elif not parts:
                break
            line = next(lines, None)
        word, _, rest = " ".join(parts).strip().partition(" ")
        if word.upper() in {"RUN", "COPY", "ADD"}:
            for found in _HEREDOC.finditer(rest):
                while (line := next(lines, None)) is not None and line.strip() != found[2]:
                    pass
        if word:
            yield word.upper(), rest.strip()


def _begun(rest: str, stages: list[Stage]) -> _Draft:
    parts = [part for part in rest.split() if not part.startswith("--")]
    base = parts[0] if parts else ""
    is_named = len(parts) > 2 and parts[1].lower() == "as"  # noqa: PLR2004 - FROM image AS name
    parent = _numbered(base, stages)
    before = stages[parent] if parent is not None else None
    return _Draft(
        parts[2] if is_named else "",
        before.base if before is not None else base,
        parent,
        before,
    )


def _numbered(name: str, stages: list[Stage]) -> int | None:
    """Return the number of the stage of that name, or of that number."""
    for number in range(len(stages) - 1, -1, -1):
        if stages[number].name.lower() == name.lower() != "":
            return number
    return int(name) if name.isdecimal() and int(name) < len(stages) else None


def _argue(
    rest: str, arguments: Mapping[str, str], shared: Mapping[str, str], names: dict[str, str]
) -> None:
    """Take in an `ARG`: what the build is given, else its default, else that of the file's top."""
    for name, value in _assigned(rest, names) or [(rest.strip(), "")]:
        given = arguments.get(name) or value or shared.get(name, "")
        if given:
            names[name] = given


def _instruct(
    draft: _Draft, word: str, rest: str, names: dict[str, str], stages: list[Stage]
) -> None:
    match word:
        case "ENV":
            name, _, value = rest.partition(" ")
            pairs = _assigned(rest, names)
            names.update(pairs or [(name, _filled(value.strip(), names))])
        case "WORKDIR":
            place = _filled(rest.strip("\"'"), names)
            draft.workdir = posixpath.normpath(posixpath.join(draft.workdir, place or "."))
        case "COPY" | "ADD":
            copy = _copied(draft, _filled(rest, names), stages)
            if copy is not None:
                draft.copies.append(copy)
        case "CMD":
            draft.command = tuple(_words(_filled(rest, names)))
        case "ENTRYPOINT":
            draft.entry = tuple(_words(_filled(rest, names)))
        case _:
            pass


def _copied(draft: _Draft, rest: str, stages: list[Stage]) -> Copy | None:
    flags = []
    while rest.startswith("--"):
        flag, _, rest = rest.partition(" ")
        flags.append(flag)
        rest = rest.lstrip()
    paths = _words(rest)
    if len(paths) < 2:  # noqa: PLR2004 - a source and a target
        return None
    origin = next(
        (one.removeprefix("--from=") for one in flags if one.startswith("--from=")), None
    )
    stage = None if origin is None else _numbered(origin, stages)
    if origin is not None and stage is None:
        return None  # Another image, or a context that the build is given.
    written = paths[-1]
    target = posixpath.normpath(posixpath.join(draft.workdir, written))
    as_folder = written.endswith("/") or posixpath.basename(written) in {".", "..", ""}
    return Copy(tuple(paths[:-1]), target, as_folder or len(paths) > 2, stage)  # noqa: PLR2004


def _assigned(rest: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what `NAME=value NAME="value"` says."""
    if "=" not in rest.partition(" ")[0]:
        return []
    found = []
    for name, value in _ASSIGNED.findall(rest):
        quoted = value[:1] in {'"', "'"}
        plain = value[1:-1] if quoted else value
        found.append((name, plain if value[:1] == "'" else _filled(plain, names)))
    return found


def _filled(text: str, names: Mapping[str, str]) -> str:
    """Put the variables that are known into a text; others stay as they are written."""
    if "$" not in text:
        return text
    parts = []
    length = end = 0
    for found in _VARIABLE.finditer(text):
        value = names.get(found[1] or found[2])
        if found[3] == "-" and not value:
            value = found[4]
        elif found[3] == "+":
            value = found[4] if value else ""
        parts += [text[end : found.start()], found[0] if value is None else value]
        length += len(parts[-1])
        end = found.end()
        if length > _LONGEST_VALUE:
            return text[:_LONGEST_VALUE]
    return "".join((*parts, text[end:]))


def _words(text: str) -> list[str]:
    """Split an instruction's arguments: a JSON list, or words."""
    try:
        parsed = json.loads(text) if text.startswith("[") else None
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, list):
        return [word for word in parsed if isinstance(word, str)]
    return [word.strip("\"'") for word in text.split()]
