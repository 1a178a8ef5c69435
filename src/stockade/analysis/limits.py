"""How long a function may run and how often, as numbers.

Follows AWS::Lambda::Function in the CloudFormation template reference: a function that says
nothing may run for 3 seconds, as often at once as the account lets it.
"""

from stockade.model import Application, Location, Resource, Value, constant

DEFAULT_TIMEOUT = 3
LONGEST_TIMEOUT = 900
DEFAULT_VISIBILITY = 30
"""Seconds for which SQS hides a message that was received."""


def number(value: Value | None) -> int | None:
    """Return a whole number as it is written, None where nothing or nothing sure is."""
    text = constant(value)
    if not isinstance(text, str):
        return None
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


def timeout(function: Resource) -> int | None:
    """Return the seconds that a function may run; None where it cannot be known."""
    written = function.properties.get("Timeout")
    return DEFAULT_TIMEOUT if written is None else number(written)


def property_at(resource: Resource, name: str) -> Location:
    """Tell where a property is written; the resource's own place where it is not."""
    return resource.properties.key_at(name) if name in resource.properties else resource.at


def is_bounded(app: Application, function: str) -> bool:
    """Tell whether a function has a concurrency of its own, known or not."""
    resource = app.resources.get(function)
    return resource is not None and "ReservedConcurrentExecutions" in resource.properties
