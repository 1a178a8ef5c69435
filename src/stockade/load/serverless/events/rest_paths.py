"""The service's REST API and the paths of its methods."""

from stockade.load.building import Plain, entry
from stockade.load.serverless.naming import path_name
from stockade.load.serverless.service import Event, Service, get_att, ref
from stockade.model import Location

API = "ApiGatewayRestApi"
PATHS = "rest_api.paths"


def method_and_path(service: Service, event: Event) -> tuple[str, str | None]:
    """Return what a method is called by; no path where it is not known."""
    text = service.text(event.value)
    if text is not None:
        method, _, rest = text.strip().partition(" ")
        return method, rest.strip().strip("/")
    method = service.text(event.get("method")) or "any"
    path = service.text(event.get("path"))
    return method, None if path is None else path.strip("/")


def api(service: Service) -> "Plain":
    """Refer to the API: the service's own, or one that is made elsewhere."""
    return entry(entry(service.provider, "apiGateway"), "restApiId") or ref(API)


def resource_of(service: Service, path: str, at: Location) -> "Plain":
    """Return the resource of a path; those on the way to it are added where they are new."""
    settings = entry(service.provider, "apiGateway")
    known = service.shared.setdefault(PATHS, {})
    elsewhere = entry(settings, "restApiRootResourceId")
    parent: Plain = elsewhere or get_att(API, "RootResourceId")
    if not path or not isinstance(known, dict):
        return parent
    given = entry(settings, "restApiResources")
    so_far = ""
    for part in path.split("/"):
        so_far = f"{so_far}/{part}" if so_far else part
        other = entry(given, so_far) or entry(given, f"/{so_far}")
        if other is not None:
            parent = other
            continue
        if so_far not in known:
            logical_id = f"ApiGatewayResource{path_name(so_far)}"
            known[so_far] = logical_id
            properties: dict[str, Plain] = {
                "ParentId": parent,
                "PathPart": part,
                "RestApiId": api(service),
            }
            service.add(logical_id, "AWS::ApiGateway::Resource", properties, at, f"/{so_far}")
        parent = ref(known[so_far])
    return parent
