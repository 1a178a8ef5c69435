"""Events: what starts each function. `_COMPILERS` is the one list of their types.

Serverless: "Events". A module is imported when the first event of its kind is met.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TypeAlias, cast

from stockade.load.serverless.service import Event, FunctionDraft, Service

Compiler: TypeAlias = Callable[[Service, FunctionDraft, Event], None]
"""Adds what one event generates."""

_COMPILERS = {
    "http": "rest_api",
    "httpApi": "http_api",
    "websocket": "websocket",
    "sqs": "polled",
    "stream": "polled",
    "activemq": "polled",
    "rabbitmq": "polled",
    "kafka": "polled",
    "msk": "polled",
    "s3": "stored",
    "sns": "topics",
    "schedule": "rules",
    "eventBridge": "rules",
    "cloudwatchEvent": "rules",
    "cloudwatchLog": "services",
    "iot": "services",
    "alexaSkill": "services",
    "alexaSmartHome": "services",
    "iotFleetProvisioning": "services",
    "cognitoUserPool": "user_pools",
    "alb": "edges",
    "cloudFront": "edges",
}
"""The module of each type of event; its function has the type's name in snake case."""

_NAMES = {
    "httpApi": "http_api",
    "eventBridge": "event_bridge",
    "cloudwatchEvent": "cloudwatch_event",
    "cloudwatchLog": "cloudwatch_log",
    "alexaSkill": "alexa_skill",
    "alexaSmartHome": "alexa_smart_home",
    "iotFleetProvisioning": "iot_fleet_provisioning",
    "cognitoUserPool": "cognito_user_pool",
    "cloudFront": "cloud_front",
}
_FINISHED = ("rest_api", "http_api", "websocket", "edges", "stored", "user_pools")
"""Modules that add something when all events are known, by their `finish`."""


def add_events(service: Service) -> None:
    """Add what the events of all functions generate."""
    for function in service.functions:
        for event in service.events(function):
            module = _COMPILERS.get(event.type)
            if module is None:
                service.miss(event.at, f"is an event that is not known: {event.type[:60]}")
                continue
            name = _NAMES.get(event.type, event.type)
            compiler = cast("Compiler", getattr(_module(module), name))
            compiler(service, function, event)


def finish_events(service: Service) -> None:
    """Add what all events of one kind have in common, such as the API of their routes."""
    for module in _FINISHED:
        if any(key.startswith(f"{module}.") for key in service.shared):
            _module(module).finish(service)


def add_attached(service: Service) -> None:
    """Add what events ask of resources that the author declares."""
    for module in ("stored", "user_pools"):
        if any(key.startswith(f"{module}.") for key in service.shared):
            _module(module).attach(service)


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")
