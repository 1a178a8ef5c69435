"""Functions that are container images built from a Dockerfile in the folder.

Follows "Building container images" in the AWS SAM Developer Guide and "Deploy Python Lambda
functions with container images". The Dockerfile is read, and never run: its last stage says what
is started. Which Dockerfile it is, templates say that build the image; else it is looked for below
the template.
"""

import posixpath
from collections.abc import Iterator, Sequence

from stockade._late import pattern
from stockade.load.handlers.archives import is_named
from stockade.load.handlers.dockerfile import Stage, read_dockerfile
from stockade.load.handlers.image_builds import Build, Image
from stockade.load.handlers.paths import join
from stockade.model import (
    Handler,
    Location,
    Map,
    Resource,
    SourceFile,
    Sources,
    Unknown,
    constant,
    expression,
    inside,
)

_REPOSITORY = pattern(r"([\w.-]+)(?::[^/]*|@[^/]*)?$")
_WORDS = pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_FILES = 20_000
_MOST_DOCKERFILES = 100
_ELSEWHERE = "the code is in an image that is built elsewhere"


def image(function: Resource, folder: str, sources: Sources) -> Image:
    """Find the handler of a function that is an image, as far as its Dockerfile tells."""
    metadata = function.metadata
    written = next(inside(metadata, "DockerContext"), None)
    if written is None:
        return _searched(function, folder, sources)
    context_text = constant(written)
    if not isinstance(context_text, str):
        return Image(Unknown("where its image is built is unknown", written.at))
    context = join(folder, context_text)
    if context is None:
        return Image(Unknown("its code lies outside the scanned folder", function.at))
    name = constant(next(inside(metadata, "Dockerfile"), None))
    named = name if isinstance(name, str) else "Dockerfile"
    for beside in (context, folder):  # Terraform takes it from where it runs.
        path = join(beside, named)
        file = sources.read(path) if path is not None and sources.is_file(path) else None
        if isinstance(file, SourceFile):
            return _described(function, context, file, sources)
    why = f"there is no file {posixpath.join(context, named)}"
    return Image(Unknown(why, function.at), (context,))


def _searched(function: Resource, folder: str, sources: Sources) -> Image:
    """Find the one Dockerfile below the template that makes an image for Lambda.

    Where there are several, it is the one whose folder or file has the name of the image.
    """
    paths = sources.files_below(folder)
    found: dict[str, Image] = {}
    if len(paths) <= _MOST_FILES:
        for path in [path for path in paths if _is_dockerfile(path)][:_MOST_DOCKERFILES]:
            file = sources.read(path)
            if isinstance(file, SourceFile):
                for context in dict.fromkeys((posixpath.dirname(path), folder)):
                    built = _described(function, context, file, sources)
                    if built.is_lambdas and isinstance(built.handler, Handler):
                        found[path] = built
                        break
    if len(found) > 1:
        named = [
            one
            for path, one in found.items()
            if any(is_named(place, name) for name in _names(function) for place in _places(path))
        ]
        if len(named) != 1:
            why = f"which of {len(found)} Dockerfiles its image is built from is not written"
            return Image(Unknown(why, function.at))
        return named[0]
    return next(iter(found.values()), Image(Unknown(_ELSEWHERE, function.at)))


def _is_dockerfile(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return name.startswith("dockerfile") or name.endswith(".dockerfile")


def _places(path: str) -> Iterator[str]:
    """Yield what a Dockerfile may be named by: its folder, and what its own name adds."""
    folder, name = posixpath.split(path)
    yield folder
    yield name.lower().replace("dockerfile", "").strip(".-_")


def _names(function: Resource) -> Iterator[str]:
    """Yield the names that an image may have: its repository's, and the function's."""
    for way in inside(function.properties, "Code"):
        uri = way.get("ImageUri") if isinstance(way, Map) else None
        repository = _REPOSITORY.search(expression(uri)) if uri is not None else None
        if repository is not None:
            yield repository[1]
    name = constant(function.properties.get("FunctionName"))
    if isinstance(name, str):
        yield name
    yield _WORDS.sub("-", function.logical_id.rpartition(".")[2])


def _described(function: Resource, context: str, file: SourceFile, sources: Sources) -> Image:
    """Read a Dockerfile as the template has it built."""
    stages = read_dockerfile(file.text, dict(_arguments(function)))
    at = Location(file.path, 1)
    last = _wanted(function, stages)
    if last is None:
        return Image(Unknown(f"{file.path} describes no image", at), (context,))
    return Build(function, context, stages, last, sources).image(at)


def _arguments(function: Resource) -> Iterator[tuple[str, str]]:
    for given in inside(function.metadata, "DockerBuildArgs"):
        if isinstance(given, Map):
            for name, value in given:
                text = constant(value)
                if isinstance(text, str):
                    yield name, text


def _wanted(function: Resource, stages: Sequence[Stage]) -> int | None:
    """Return the number of the stage that is deployed: the one that is named, else the last."""
    target = constant(next(inside(function.metadata, "DockerBuildTarget"), None))
    for number, stage in enumerate(stages):
        if isinstance(target, str) and stage.name.lower() == target.lower():
            return number
    return len(stages) - 1 if stages else None
