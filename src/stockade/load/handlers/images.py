"""Functions that are container images built from a Dockerfile in the folder.

Follows "Building container images" in the AWS SAM Developer Guide and "Deploy Python Lambda
functions with container images". The Dockerfile is read for three things: the base image, what
is copied where, and the command. It is never run.
"""

import json
import posixpath
import re

from stockade._late import pattern
from stockade.load.handlers.files import source_modules, split_javascript, split_python
from stockade.load.handlers.paths import below, join
from stockade.model import (
    Handler,
    Location,
    Resource,
    SourceFile,
    Sources,
    Unknown,
    constant,
    inside,
)
from stockade.model.record import record

_BASE = pattern(r"(?:^|/)(python|nodejs|node)(?:@sha256)?[:@]?(\d+(?:\.\d+)?)?", re.IGNORECASE)
_VARIABLE = pattern(r"\$\{?(?:LAMBDA_TASK_ROOT|FUNCTION_DIR)\}?|/var/task")
_RUNTIME_CLIENTS = frozenset({"-m", "awslambdaric", "/lambda-entrypoint.sh", "aws-lambda-ric"})
_LANGUAGE_ENDINGS = {
    "python": (".py", "/__init__.py"),
    "javascript": (".js", ".mjs", ".cjs", ".ts"),
}


@record
class Image:
    """What a Dockerfile tells of a function."""

    handler: Handler | Unknown
    roots: tuple[str, ...] = ()
    runtime: str | None = None


class _Dockerfile:
    """What was read of a Dockerfile so far."""

    def __init__(self) -> None:
        self.base = ""
        self.copies: list[tuple[str, str]] = []
        self.command: list[str] = []
        self.entry: list[str] = []


def image(function: Resource, folder: str, sources: Sources) -> Image:
    """Find the handler of a function that is an image, as far as its Dockerfile tells."""
    metadata = function.metadata
    context_text = constant(next(inside(metadata, "DockerContext"), None))
    if not isinstance(context_text, str):
        return Image(Unknown("the code is in an image that is built elsewhere", function.at))
    context = join(folder, context_text)
    if context is None:
        return Image(Unknown("its code lies outside the scanned folder", function.at))
    name = constant(next(inside(metadata, "Dockerfile"), None))
    path = join(context, name if isinstance(name, str) else "Dockerfile")
    file = sources.read(path) if path is not None else None
    if not isinstance(file, SourceFile):
        return Image(Unknown(f"there is no file {path}", function.at), (context,))
    return _described(function, context, _read(file.text), file, sources)


def _described(
    function: Resource, context: str, docker: _Dockerfile, file: SourceFile, sources: Sources
) -> Image:
    base = _BASE.search(docker.base)
    if base is None:
        why = f"the image {docker.base or 'without a base'} is not analysed"
        return Image(Unknown(why, Location(file.path, 1)), (context,))
    language = "python" if base.group(1).lower() == "python" else "javascript"
    runtime = f"{'python' if language == 'python' else 'nodejs'}{base.group(2) or ''}"
    roots = _roots(context, docker, sources)
    for name in _command(function, docker):
        split = split_python(name) if language == "python" else split_javascript(name)
        if split is None:
            continue
        found = _find(split[0], language, roots, sources)
        if found is not None:
            return Image(Handler(file=found, symbol=split[1], language=language), roots, runtime)
    why = "its command names no handler in the folder"
    return Image(Unknown(why, Location(file.path, 1)), roots, runtime)


def _command(function: Resource, docker: _Dockerfile) -> list[str]:
    """Return the words of the command, the template's before the Dockerfile's."""
    overridden = [
        text
        for word in inside(function.properties, "ImageConfig", "Command", "[]")
        if isinstance(text := constant(word), str)
    ]
    words = overridden or [*docker.command, *docker.entry]
    return [word for word in words if word not in _RUNTIME_CLIENTS]


def _find(
    module: str, language: str, roots: tuple[str, ...], sources: Sources
) -> SourceFile | None:
    for root in roots:
        for one in source_modules(module) if language == "javascript" else (module,):
            for ending in _LANGUAGE_ENDINGS[language]:
                path = join(root, one + ending)
                if path is not None and sources.is_file(path):
                    file = sources.read(path)
                    if isinstance(file, SourceFile):
                        return file
    return None


def _roots(context: str, docker: _Dockerfile, sources: Sources) -> tuple[str, ...]:
    """Return the folders that are copied to the image's task folder, then the context."""
    found: dict[str, None] = {}
    for source, target in docker.copies:
        path = join(context, source)
        place = _VARIABLE.sub("", target).strip("./")
        if path is None or place:
            continue
        found.setdefault(path if sources.is_folder(path) or not path else posixpath.dirname(path))
    found.setdefault(context)
    for candidate in ("src", "app"):
        if sources.is_folder(below(context, candidate)):
            found.setdefault(below(context, candidate))
    return tuple(found)


def _read(text: str) -> _Dockerfile:
    """Read the instructions of a Dockerfile that tell about the handler; the last stage counts."""
    found = _Dockerfile()
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        match word.upper():
            case "FROM":
                image_name = [part for part in rest.split() if not part.startswith("--")]
                base = image_name[0] if image_name else ""
                if _BASE.search(base) or not found.base:
                    found.base = base
            case "COPY" | "ADD":
                parts = _words(rest)
                if not any(part.startswith("--from") for part in parts):
                    plain = [part for part in parts if not part.startswith("--")]
                    found.copies.extend((source.rstrip("*"), plain[-1]) for source in plain[:-1])
            case "CMD":
                found.command = _words(rest)
            case "ENTRYPOINT":
                found.entry = _words(rest)
            case _:
                pass
    return found


def _words(text: str) -> list[str]:
    """Split an instruction's arguments: a JSON list, or words."""
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    except RecursionError:
        return []
    if isinstance(parsed, list):
        return [word for word in parsed if isinstance(word, str)]
    return text.split()
