"""Whatever an author writes, expanding it ends, and nothing is raised."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sam_loading import template_of

from stockade.load.sam import expand
from stockade.load.template import Template
from stockade.model import (
    Choice,
    List,
    Location,
    Map,
    NoValue,
    Parameter,
    Reference,
    Resource,
    Scalar,
    Unknown,
    Value,
)

AT = Location("template.yaml", 7, 3)

TEMPLATES = tuple(
    template_of(path) for path in sorted((Path(__file__).parent / "templates").glob("*.yaml"))
)

ODD: tuple[Value, ...] = (
    Scalar(None, AT),
    Scalar("", AT),
    Scalar("NONE", AT),
    Scalar(value=True, at=AT),
    Scalar(-1, AT),
    Scalar("Work", AT),
    List((), AT),
    List((Map({}, AT, {}), Scalar(None, AT), List((), AT)), AT),
    Map({}, AT, {}),
    Map({"Type": Scalar("Api", AT), "Id": Scalar("Work", AT)}, AT, {}),
    NoValue(AT),
    Reference("Nowhere", "Arn", AT),
    Parameter("P", None, AT),
    Parameter("P", List((Scalar("a", AT),), AT), AT),
    Unknown("of no reason", AT),
    Choice("C", Map({}, AT, {}), NoValue(AT), AT),
    Choice("C", List((Scalar("a", AT),), AT), Scalar("b", AT), AT),
)


def _changed(value: Value, draw: st.DataObject, depth: int = 0) -> Value:
    """Put an odd value somewhere into `value`."""
    if isinstance(value, Map) and value.entries and depth < 8:
        key = draw.draw(st.sampled_from(sorted(value.entries)))
        if draw.draw(st.integers(0, 4)):
            inner = _changed(value.entries[key], draw, depth + 1)
            return Map({**value.entries, key: inner}, value.at, value.keys)
    if isinstance(value, List) and value.items and depth < 8 and draw.draw(st.booleans()):
        index = draw.draw(st.integers(0, len(value.items) - 1))
        inner = _changed(value.items[index], draw, depth + 1)
        return List((*value.items[:index], inner, *value.items[index + 1 :]), value.at)
    return draw.draw(st.sampled_from(ODD))


def _with(resource: Resource, properties: Value) -> Resource:
    return Resource(
        id=resource.id,
        type=resource.type,
        properties=properties if isinstance(properties, Map) else Map({}, AT, {}),
        at=resource.at,
        stack=resource.stack,
        logical_id=resource.logical_id,
        written_as=resource.written_as,
        condition=resource.condition,
        attributes=resource.attributes,
    )


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(template=st.sampled_from(TEMPLATES), draw=st.data())
def test_odd_values_never_raise(template: Template, draw: st.DataObject) -> None:
    """Values of the wrong kind, anywhere in a SAM template, are expanded or told."""
    resources = dict(template.resources)
    for _ in range(3):
        key = draw.draw(st.sampled_from(sorted(resources)))
        changed = _changed(resources[key].properties, draw)
        resources[key] = _with(resources[key], changed)
    odd = Template(
        stack=template.stack,
        transforms=template.transforms,
        globals=template.globals,
        resources=resources,
    )

    result = expand(odd)

    kept = {key for key, one in resources.items() if not one.type.endswith("::Connector")}
    assert kept <= set(result.resources)
    assert all(resource.id == key for key, resource in result.resources.items())
