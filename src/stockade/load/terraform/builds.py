"""The images that a configuration builds, for the functions that run them.

Follows "docker_image (Resource)" and "docker_registry_image (Resource)" in the documentation of
the provider kreuzwerker/docker. The function's metadata names the Dockerfile in SAM's words.
"""

from collections.abc import Iterator
from typing import Final

from stockade._late import pattern
from stockade.load.terraform.kinds import Made, Template
from stockade.load.terraform.values import is_null
from stockade.model import Map, Value, expression, items

_BUILT: Final = ("docker_image", "docker_registry_image")
_SAYS: Final = {
    "context": "DockerContext",
    "dockerfile": "Dockerfile",
    "target": "DockerBuildTarget",
    "build_args": "DockerBuildArgs",
    "build_arg": "DockerBuildArgs",
}
_TAG = pattern(r"(?:@|:[^/:]*$).*")


def put_build(made: Made, image: Value, into: Template) -> None:
    """Give a function that is an image the build of it, where the configuration holds that."""
    builds = list(_builds(into))
    uri = expression(image)
    for same in (uri, _TAG.sub("", uri)):
        for name, build in builds:
            if same in {name, _TAG.sub("", name)}:
                _put(made, build)
                return
    if len(builds) == 1:
        _put(made, builds[0][1])


def _builds(into: Template) -> Iterator[tuple[str, Map]]:
    """Yield the name of each image that is built, and what its `build` block says."""
    for instance in into.of_type(*_BUILT):
        name = instance.argument("name")
        for build in items(instance.argument("build")):
            if isinstance(build, Map) and name is not None:
                yield expression(name), build


def _put(made: Made, build: Map) -> None:
    for argument, name in _SAYS.items():
        value = build.get(argument) or (build.get("path") if argument == "context" else None)
        if value is not None and not is_null(value):
            made.metadata[name] = value
