"""Which APIs, stages and distributions have a web ACL before them.

Follows AWS::WAFv2::WebACLAssociation in the CloudFormation template reference and "Use AWS WAF to
protect your REST APIs in API Gateway" in the API Gateway Developer Guide. HTTP and WebSocket APIs
take no web ACL: for them one must stand on a CloudFront distribution before them.
"""

from collections.abc import Iterator

from stockade.analysis.gateway.apis import Api
from stockade.analysis.gateway.domains import cdn_fronts
from stockade.model import Application, Names, Resource, inside, references

_ASSOCIATIONS = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")


def web_acl_targets(app: Application) -> frozenset[str]:
    """Return the ids of the resources that web ACLs are associated with.

    An association names a stage through its API, too: `.../restapis/${Api}/stages/${Api.Stage}`
    stands for both. What it names in words that do not lead to a resource is not there.
    """
    found: set[str] = set()
    for association in app.of_type(*_ASSOCIATIONS):
        for value in inside(association.properties, "ResourceArn"):
            found.update(one.resource for one in references(value))
    return frozenset(found)


def has_firewall(app: Application, names: Names, api: Api, targets: frozenset[str]) -> bool:
    """Tell whether a web ACL stands before an API: on it, on its stage, or on its CDN."""
    own = {api.resource.id, *_stage_ids(app, names, api)}
    if own & targets or _names_unknown(app):
        return True
    return any("WebACLId" in front.settings for front in cdn_fronts(app, names, api.resource))


def _names_unknown(app: Application) -> bool:
    """Tell whether an association may be about any API: its target is a parameter."""
    return any(
        not any(True for _ in references(value))
        for association in app.of_type(*_ASSOCIATIONS)
        for value in inside(association.properties, "ResourceArn")
    )


def _stage_ids(app: Application, names: Names, api: Api) -> Iterator[str]:
    for stage in _stages(app):
        if names.find(stage.properties.get("RestApiId"), api.resource.type) == api.resource.id:
            yield stage.id


def _stages(app: Application) -> Iterator[Resource]:
    return app.of_type("AWS::ApiGateway::Stage")
