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
from stockade.load.handlers.paths import below, join
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
from stockade.model.record import replace

_REPOSITORY = pattern(r"([\w.-]+)(?::[^/]*|@[^/]*)?$")
_WORDS = pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_CLIENTS = ("awslambdaric", "aws-lambda-ric")
"""What an image installs to run a function by, where its base does not bring it."""
_TEMPLATES = (
    *("template.yaml", "template.yml", "template.json", "samconfig.toml", "cdk.json"),
    *("serverless.yml", "serverless.yaml", "serverless.ts", "sst.config.ts", "main.tf"),
)
"""Files by which applications are known."""
_WORD = pattern(r"[a-z]+")
_INFRASTRUCTURE = frozenset(
    (
        *("terraform", "tf", "infra", "infrastructure", "iac", "sam", "cdk", "cloudformation"),
        *("cfn", "deploy", "deployment", "ops", "stack", "stacks", "template", "templates"),
        *("environment", "environments", "env", "envs", "dev", "prod", "staging", "serverless"),
    )
)
"""Words of the names of folders that stand beside the code."""
_MOST_UP = 3
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
    """Find the one Dockerfile around the template that makes an image for Lambda.

    It is looked for below the template's folder; below those above it where that one holds
    infrastructure alone, and no Dockerfile. Where there are several, it is the one whose folder
    or file has the name of the image.
    """
    built: dict[str, Image] = {}
    for around in _circles(folder):
        built = _images_below(function, around, folder, sources)
        if built:
            break
    found = {path: one for path, one in built.items() if isinstance(one.handler, Handler)}
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
    if found:
        return next(iter(found.values()))
    of_lambda = [one for one in built.values() if one.is_lambdas]
    return of_lambda[0] if len(built) == len(of_lambda) == 1 else _elsewhere(function)


def _elsewhere(function: Resource) -> Image:
    return Image(Unknown(_ELSEWHERE, function.at))


def _circles(folder: str) -> Iterator[str]:
    """Yield a template's folder and, as long as they are named as infrastructure, those above."""
    yield folder
    for _ in range(_MOST_UP):
        words = frozenset(_WORD.findall(posixpath.basename(folder).lower()))
        if words.isdisjoint(_INFRASTRUCTURE):
            return
        folder = posixpath.dirname(folder)
        yield folder


def _images_below(
    function: Resource, around: str, folder: str, sources: Sources
) -> dict[str, Image]:
    """Return the images that Dockerfiles below a folder make, by their paths.

    Those of another application, which has a template of its own above them, are none of them.
    """
    paths = sources.files_below(around)
    if len(paths) > _MOST_FILES:
        return {}
    found: dict[str, Image] = {}
    for path in [path for path in paths if _is_dockerfile(path)][:_MOST_DOCKERFILES]:
        file = sources.read(path)
        if not isinstance(file, SourceFile) or _is_of_another(path, around, folder, sources):
            continue
        for context in dict.fromkeys((posixpath.dirname(path), around)):
            built = _described(function, context, file, sources)
            if not built.is_lambdas:
                built = Image(Unknown(_ELSEWHERE, function.at))
            found.setdefault(path, built)
            if isinstance(built.handler, Handler):
                found[path] = built
                break
    return found


def _is_of_another(path: str, around: str, folder: str, sources: Sources) -> bool:
    """Tell whether a template of another application stands between a folder and a file in it."""
    above = posixpath.dirname(path)
    while above not in {around, folder, ""}:
        if any(sources.is_file(below(above, name)) for name in _TEMPLATES):
            return True
        above = posixpath.dirname(above)
    return False


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
    built = Build(function, context, stages, last, sources).image(at)
    installs = any(one in file.text for one in _CLIENTS)
    return replace(built, is_lambdas=True) if installs else built


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
