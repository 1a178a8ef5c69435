"""An application without the numbers that decide nothing about who can do what.

How long a function may run, and with how much memory, is changed again and again while it is
written. Few rules ask for it; all else that was worked out holds.
"""

from stockade.model import Application, Map, Resource
from stockade.model.record import replace

AMOUNTS = {
    "AWS::Lambda::Function": (
        "Description",
        "EphemeralStorage",
        "MemorySize",
        "ReservedConcurrentExecutions",
        "Timeout",
    ),
    "AWS::Logs::LogGroup": ("RetentionInDays",),
}
"""Properties that only rules with `amounts` ask for, by the type of the resource."""


def without_amounts(app: Application) -> Application:
    """Return the application without amounts: what most of the analysis hangs on."""
    changed = {
        resource.id: less
        for resource in app.resources.values()
        if resource.type in AMOUNTS and (less := _less(resource)) is not resource
    }
    return replace(app, resources={**app.resources, **changed}) if changed else app


def _less(resource: Resource) -> Resource:
    properties = resource.properties
    amounts = AMOUNTS[resource.type]
    entries = {key: value for key, value in properties.entries.items() if key not in amounts}
    if len(entries) == len(properties.entries):
        return resource
    keys = {key: at for key, at in properties.keys.items() if key not in amounts}
    return replace(resource, properties=Map(entries, properties.at, keys))
