"""What stands before an application's routes: stages, throttling, firewalls, domains, documents.

Facts of the application alone, which several rules ask for.
"""

from stockade.analysis.gateway.apis import (
    API_TYPES,
    Api,
    Way,
    apis,
    is_preflight,
    is_private,
    ways,
)
from stockade.analysis.gateway.domains import (
    Front,
    cdn_fronts,
    custom_domains,
    default_endpoint_is_off,
)
from stockade.analysis.gateway.firewalls import has_firewall, web_acl_targets
from stockade.analysis.gateway.public import declared_public
from stockade.analysis.gateway.stages import Stage, stages
from stockade.analysis.gateway.throttling import Throttling, has_plan, throttling
from stockade.analysis.gateway.validation import validates_body

__all__ = [
    "API_TYPES",
    "Api",
    "Front",
    "Stage",
    "Throttling",
    "Way",
    "apis",
    "cdn_fronts",
    "custom_domains",
    "declared_public",
    "default_endpoint_is_off",
    "has_firewall",
    "has_plan",
    "is_preflight",
    "is_private",
    "stages",
    "throttling",
    "validates_body",
    "ways",
    "web_acl_targets",
]
