"""The resources of an application, of which it is noted which were asked for.

What a rule found holds as long as the resources that it asked for are the same: a number in the
description of an API says nothing of which role opens which table.
"""

from collections.abc import Callable, Hashable, ItemsView, Iterator, Mapping, ValuesView
from typing import Any, Final, cast

from stockade.model.asked import Asked, noted
from stockade.model.remembered import remembered
from stockade.model.resource import Resource
from stockade.model.value import ResourceId


class Watched(Mapping[ResourceId, Resource]):
    """Resources by their id, as others have them. Each question and its answer is noted."""

    def __init__(self, resources: Mapping[ResourceId, Resource]) -> None:
        """Watch over resources, which must not change."""
        self._resources = resources
        self._answers: dict[Hashable, object] = {}
        self.shared: Asked | None = Asked()
        """See `Answering`."""

    def answer(self, question: Hashable) -> object:
        """Answer a question that was noted."""
        if question not in self._answers:
            kind, what = cast("tuple[str, Any]", question)
            self._answers[question] = _ANSWERS[kind](self._resources, what)
        return self._answers[question]

    def asked(self, kind: str, what: Hashable) -> Any:  # noqa: ANN401 - as `_ANSWERS` says
        """Answer a question, and note it."""
        answer = self.answer((kind, what))
        if (asked := noted()) is not None:
            asked.answers[kind, what] = answer
        return answer

    def __getitem__(self, name: ResourceId) -> Resource:
        found: Resource | None = self.asked("resource", name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.asked("type", name) is not None

    def __iter__(self) -> Iterator[ResourceId]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def items(self) -> ItemsView[ResourceId, Resource]:
        """Return every resource with its id."""
        return self._all().items()

    def values(self) -> ValuesView[Resource]:
        """Return every resource."""
        return self._all().values()

    def _all(self) -> Mapping[ResourceId, Resource]:
        every: Mapping[ResourceId, Resource] = self.asked("all", None)
        return every


def of_type(resources: Mapping[ResourceId, Resource], *types: str) -> Iterator[Resource]:
    """Yield the resources of the given CloudFormation types, in the author's order."""
    if isinstance(resources, Watched):
        return iter(resources.asked("types", types))
    by_type = _by_type(resources)
    if len(types) == 1:
        return iter(by_type.get(types[0], ()))
    held = [one for type_ in types if (one := by_type.get(type_))]
    if len(held) <= 1:
        return iter(held[0] if held else ())
    wanted = frozenset(types)
    return (resource for resource in resources.values() if resource.type in wanted)


def type_of(resources: Mapping[ResourceId, Resource], name: ResourceId) -> str | None:
    """Return the type of the resource of that id, if there is one, and look at nothing else."""
    if isinstance(resources, Watched):
        known: str | None = resources.asked("type", name)
        return known
    resource = resources.get(name)
    return None if resource is None else resource.type


_ANSWERS: Final[Mapping[str, Callable[[Mapping[ResourceId, Resource], Any], object]]] = {
    "all": lambda resources, _: resources,
    "resource": lambda resources, name: resources.get(name),
    "type": type_of,
    "types": lambda resources, types: tuple(of_type(resources, *types)),
}
"""What can be asked for: all, one of an id, its type alone, those of some types."""


@remembered
def _by_type(resources: Mapping[ResourceId, Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in resources.values():
        found.setdefault(resource.type, []).append(resource)
    return found
