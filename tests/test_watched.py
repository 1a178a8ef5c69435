"""What was found holds as long as the resources that were asked for are the same."""

from collections.abc import Callable, Mapping

import pytest

from stockade.model import Location, Map, Names, Reference, Resource, Scalar
from stockade.model.memory import Memory
from stockade.model.remembered import remembered
from stockade.model.watched import Watched, of_type, type_of

PLACE = Location("template.yaml", 1)


def resource(name: str, kind: str, **properties: str) -> Resource:
    """Return a resource."""
    return Resource(
        id=name,
        type=kind,
        properties=Map({key: Scalar(text, PLACE) for key, text in properties.items()}, PLACE, {}),
        at=PLACE,
        stack="",
        logical_id=name,
        written_as=kind,
    )


def resources(**changed: Resource) -> dict[str, Resource]:
    """Return a table, a bucket and an API, or others in their place."""
    return {**HELD, **changed}


HELD = {
    "Orders": resource("Orders", "AWS::DynamoDB::Table", TableName="orders"),
    "Files": resource("Files", "AWS::S3::Bucket"),
    "Api": resource("Api", "AWS::ApiGateway::RestApi", Name="api"),
}
RENAMED = resource("Api", "AWS::ApiGateway::RestApi", Name="other")
Ask = Callable[[Mapping[str, Resource]], object]


@pytest.mark.parametrize(
    ("ask", "after", "again"),
    [
        (lambda held: held["Orders"], resources(Api=RENAMED), 0),
        (lambda held: held.get("Api"), resources(Api=RENAMED), 1),
        (lambda held: held.get("New"), resources(Api=RENAMED), 0),
        (lambda held: "New" in held, resources(New=RENAMED), 1),
        (lambda held: "Api" in held, resources(Api=RENAMED), 0),
        (lambda held: type_of(held, "Api"), resources(Api=RENAMED), 0),
        (lambda held: type_of(held, "Api"), resources(Api=HELD["Files"]), 1),
        (lambda held: [*of_type(held, "AWS::S3::Bucket")], resources(Api=RENAMED), 0),
        (lambda held: [*of_type(held, "AWS::S3::Bucket")], resources(Api=HELD["Files"]), 1),
        (
            lambda held: [*of_type(held, "AWS::S3::Bucket", "AWS::DynamoDB::Table")],
            dict(reversed(HELD.items())),
            1,
        ),
        (list, resources(Api=RENAMED), 1),
        (len, resources(Api=RENAMED), 1),
        (lambda held: [*held.values()], resources(Api=RENAMED), 1),
        (lambda held: [*held.items()], resources(Api=RENAMED), 1),
        (
            lambda held: Names(held).find(Reference("Files", "Ref", PLACE), "AWS::S3::Bucket"),
            resources(Api=RENAMED),
            0,
        ),
        (
            lambda held: Names(held).find(Scalar("a-name", PLACE), "AWS::DynamoDB::Table"),
            resources(Orders=resource("Orders", "AWS::DynamoDB::Table", TableName="a-name")),
            1,
        ),
    ],
)
def test_work_is_done_again_where_what_it_asked_for_is_another(
    ask: Ask, after: dict[str, Resource], again: int
) -> None:
    """A resource, its type alone, those of some types in their order, or all of them."""
    memory, asked = Memory(), []

    def found(held: dict[str, Resource]) -> None:
        watched = Watched(held)

        def work(_questions: object) -> object:
            asked.append(held)
            return ask(watched)

        assert memory.recall("found", (), work, ask=watched) == ask(held)

    found(HELD)
    found({**HELD})
    found(after)

    assert len(asked) == 1 + again


def test_it_is_read_as_what_it_watches_over() -> None:
    """It has the same resources, in the same order, and no others."""
    watched = Watched(HELD)

    assert dict(watched) == HELD
    assert list(watched.items()) == list(HELD.items())
    assert list(watched.values()) == list(HELD.values())
    assert "New" not in watched
    with pytest.raises(KeyError):
        watched["New"]


def test_what_another_asked_of_a_shared_thing_counts_for_whoever_uses_it() -> None:
    """A thing that works out an answer once was asked by whoever came first."""

    class Lazy:
        def __init__(self, held: Mapping[str, Resource]) -> None:
            self.held = held
            self.known: str | None = None

        def name(self) -> str:
            if self.known is None:
                self.known = str(self.held["Api"].properties.get("Name"))
            return self.known

    lazy = remembered(Lazy)
    memory, done = Memory(), []

    def scan(held: dict[str, Resource]) -> None:
        watched = Watched(held)
        for name in ("first", "second"):

            def work(_questions: object, name: str = name) -> str:
                done.append(name)
                return lazy(watched).name()

            memory.recall(name, (), work, ask=watched)

    scan(HELD)
    scan(resources(Files=RENAMED))
    assert done == ["first", "second"]
    scan(resources(Api=RENAMED))
    assert done == ["first", "second", "first", "second"]
