"""What one build of a Dockerfile puts into an image: the handler, and where its code comes from.

What is copied is followed back to the folder that the image is built from, through the stages of
the build. What a stage compiles is looked for under its source's name.
"""

import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from stockade._late import pattern
from stockade.load.handlers.dockerfile import TASK_ROOT, Copy, Stage, is_aws_base
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

_LANGUAGE = pattern(r"(?:^|[/-])(python|nodejs|node)(?:[-@:]|$)(?:\D*?(\d+(?:\.\d+)?))?")
_CLIENTS = frozenset(
    ("awslambdaric", "aws-lambda-ric", "/lambda-entrypoint.sh", "/aws-lambda-rie")
)
"""Programs that Lambda's images start; what follows is the handler."""

_ENDINGS = {
    "python": (".py", "/__init__.py"),
    "javascript": (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"),
}
_FILES = frozenset(("py", "js", "mjs", "cjs", "ts", "sh", "jar"))
_MOST_FILES = 20_000
_MOST_STEPS = 500
"""Instructions that are gone back through for one file."""


@record
class Image:
    """What a Dockerfile tells of a function."""

    handler: Handler | Unknown
    roots: tuple[str, ...] = ()
    runtime: str | None = None
    is_lambdas: bool = False
    """It begins with an image of AWS's for functions, or starts the client of Lambda's runtime."""


class Build:
    """One stage of a Dockerfile, built for one function."""

    def __init__(
        self,
        function: Resource,
        context: str,
        stages: Sequence[Stage],
        number: int,
        sources: Sources,
    ) -> None:
        self._function = function
        self._context = context
        self._stages = stages
        self._number = number
        self._sources = sources
        self._steps = 0

    def image(self, at: Location) -> Image:
        """Return the handler, the folders that are copied to the code's, and the runtime."""
        stage = self._stages[self._number]
        words = self._words(stage)
        is_lambdas = is_aws_base(stage.base) or any(_is_client(word) for word in words)
        languages, runtime = _language(stage.base, words)
        roots = self._roots()
        if not languages:
            why = f"the image {stage.base or 'without a base'} is not analysed"
            return Image(Unknown(why, at), roots, None, is_lambdas)
        for name in _handlers(words):
            for language in languages:
                found = self._handler(name, language)
                if found is not None:
                    handler, root = found
                    every = tuple(dict.fromkeys((root, *roots)))
                    return Image(handler, every, runtime, is_lambdas)
        return Image(Unknown(_reason(words), at), roots, runtime, is_lambdas)

    def _words(self, stage: Stage) -> list[str]:
        """Return what is started: the template's words before the Dockerfile's."""
        command = self._overridden("Command") or stage.command
        return [*(self._overridden("EntryPoint") or stage.entry), *command]

    def _overridden(self, key: str) -> list[str]:
        written = inside(self._function.properties, "ImageConfig", key, "[]")
        return [text for word in written if isinstance(text := constant(word), str)]

    def _folders(self) -> Iterator[str]:
        """Yield the folders of the image in which a handler's module is looked for."""
        stage = self._stages[self._number]
        working = next(inside(self._function.properties, "ImageConfig", "WorkingDirectory"), None)
        text = constant(working) if working is not None else None
        yield from dict.fromkeys((text if isinstance(text, str) else stage.workdir, TASK_ROOT))

    def _handler(self, name: str, language: str) -> tuple[Handler, str] | None:
        """Return a handler and the folder that its name is relative to."""
        split = split_python(name) if language == "python" else split_javascript(name)
        if split is None:
            return None
        module, symbol = split
        for folder in self._folders():
            for place in self.origins(posixpath.normpath(posixpath.join(folder, module))):
                found = self._file(place, language)
                if found is not None:
                    root = _without(place, module) or posixpath.dirname(found.path)
                    return Handler(file=found, symbol=symbol, language=language), root
        for root in (self._context, *self._usual_folders()):
            found = self._file(below(root, module), language)
            if found is not None:
                return Handler(file=found, symbol=symbol, language=language), root
        return None

    def _usual_folders(self) -> Iterator[str]:
        for name in ("src", "app"):
            if self._sources.is_folder(below(self._context, name)):
                yield below(self._context, name)

    def _file(self, stem: str, language: str) -> SourceFile | None:
        """Return the file that a path without its ending means; for what is built, its source."""
        stems: Iterator[str] = iter((stem,))
        if language == "javascript":
            prefix = f"{self._context}/" if self._context else ""
            relative = stem.removeprefix(prefix)
            stems = (prefix + one for one in source_modules(relative))
        for one in stems:
            for ending in _ENDINGS[language]:
                path = join("", one + ending)
                if path is not None and self._sources.is_file(path):
                    file = self._sources.read(path)
                    if isinstance(file, SourceFile):
                        return file
        return None

    def origins(self, path: str, number: int | None = None) -> Iterator[str]:
        """Yield the paths of the folder that a path of the image may be copied from.

        The path has no ending. What was copied last comes first.
        """
        stage = self._stages[self._number if number is None else number]
        for copy in reversed(stage.copies):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            for source in copy.sources:
                yield from self._through(copy, source, path)
        if stage.parent is not None:
            yield from self.origins(path, stage.parent)

    def _through(self, copy: Copy, source: str, path: str) -> Iterator[str]:
        """Yield where a path of the image comes from, as far as one copied source tells."""
        rest = _below(copy.target, path)
        if copy.stage is not None:
            yield from self._from_stage(copy, source, path, rest)
            return
        place = join(self._context, source.lstrip("/"))
        if place is None:
            return
        if "*" in source or "?" in source:
            if rest:
                yield from self._matching(place, rest)
        elif self._sources.is_file(place):
            stem, _ = posixpath.splitext(place)
            if _copied_as(copy, stem) == path:
                yield stem
        elif rest:
            yield below(place, rest) if place else rest

    def _from_stage(self, copy: Copy, source: str, path: str, rest: str | None) -> Iterator[str]:
        if copy.stage is None:
            return
        origin = posixpath.normpath("/" + source.lstrip("/"))
        stem, ending = posixpath.splitext(origin)
        if ending and "*" not in ending:
            if _copied_as(copy, stem) == path:
                yield from self.origins(stem, copy.stage)
        elif rest:
            folder = posixpath.dirname(origin) if "*" in origin else origin
            yield from self.origins(posixpath.join(folder, rest), copy.stage)

    def _matching(self, place: str, rest: str) -> Iterator[str]:
        """Yield what `COPY src/*.py` brings under a name: files, and what folders hold."""
        folder, wanted = posixpath.split(place)
        first, _, deeper = rest.partition("/")
        inside_folder = [
            path.removeprefix(f"{folder}/" if folder else "")
            for path in self._sources.files_below(folder)[:_MOST_FILES]
        ]
        for relative in inside_folder:
            name, slash, below_it = relative.partition("/")
            if not fnmatchcase(name, wanted):
                continue
            if not slash and not deeper and posixpath.splitext(name)[0] == first:
                yield below(folder, first)
            elif slash and posixpath.splitext(below_it)[0] == rest:
                yield below(folder, f"{name}/{rest}")

    def _roots(self) -> tuple[str, ...]:
        """Return the folders that are copied to the code's folder, then the context."""
        found: dict[str, None] = {}
        stage = self._stages[self._number]
        homes = set(self._folders())
        for copy in stage.copies:
            for source in copy.sources if copy.stage is None else ():
                place = join(self._context, source.lstrip("/").rstrip("*?"))
                if place is None:
                    continue
                if not self._sources.is_folder(place) and place:
                    place = posixpath.dirname(place)
                    target = copy.target if copy.into_folder else posixpath.dirname(copy.target)
                else:
                    target = copy.target
                if target in homes:
                    found.setdefault(place)
        found.setdefault(self._context)
        found.update(dict.fromkeys(self._usual_folders()))
        return tuple(found)


def _copied_as(copy: Copy, stem: str) -> str:
    """Return the path that a copied file has in the image, both without their endings."""
    if copy.into_folder:
        return posixpath.join(copy.target, posixpath.basename(stem))
    return posixpath.splitext(copy.target)[0]


def _is_client(word: str) -> bool:
    return any(word == client or word.endswith(f"/{client}") for client in _CLIENTS)


def _handlers(words: Sequence[str]) -> list[str]:
    """Return the words that may name a handler: those after a client, else all."""
    starts = [number for number, word in enumerate(words) if _is_client(word)]
    after = words[starts[-1] + 1 :] if starts else words
    return [word for word in after or words if word.rpartition(".")[2] not in _FILES]


def _language(base: str, words: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """Return the languages that an image may run, and Lambda's name of the runtime."""
    found = _LANGUAGE.search(base.lower())
    if found is not None and found[1] == "python":
        return ("python",), f"python{found[2] or ''}"
    if found is not None:
        # AWS names a runtime by the major version.
        version = (found[2] or "").partition(".")[0]
        return ("javascript",), f"nodejs{version}.x" if version else "nodejs"
    if any(word.endswith("awslambdaric") for word in words):
        return ("python",), "python"
    if any(word.endswith("aws-lambda-ric") for word in words):
        return ("javascript",), "nodejs"
    if is_aws_base(base):
        return (), None
    return ("python", "javascript"), None


def _reason(words: Sequence[str]) -> str:
    """Say why no handler was found."""
    if not words:
        return "its Dockerfile has no command"
    shown = " ".join(words)[:80]
    if any(_is_client(word) for word in words) or len(words) == 1:
        return f"its command {shown} names no handler in the folder"
    return f"its command starts a program ({shown}), which is not analysed"


def _without(place: str, module: str) -> str | None:
    """Return the folder that a module's path is below; None where it ends otherwise."""
    if place == module:
        return ""
    return place.removesuffix(f"/{module}") if place.endswith(f"/{module}") else None


def _below(folder: str, path: str) -> str | None:
    """Return a path relative to a folder; None if it does not lie in it."""
    if folder == "/":
        return path.lstrip("/")
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else None
