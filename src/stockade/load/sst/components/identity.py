"""Who people are: user pools, their clients, and pools of identities with roles of their own.

Follows "CognitoUserPool" and "CognitoIdentityPool" of the SST reference.
"""

from typing import Final

from stockade.load.building import Plain, substitute
from stockade.load.sst.components.functions import allow, allowed, called, statement_of
from stockade.load.sst.components.making import (
    Maker,
    Written,
    as_object,
    changed,
    document,
    field,
    items_of,
    method,
    text_of,
    thing_of,
)
from stockade.load.sst.things import Component, Object, Resource, Thing, settled
from stockade.model import Location, Scalar, Unknown, Value

_TRIGGERS: Final = (
    *("createAuthChallenge", "customMessage", "defineAuthChallenge", "postAuthentication"),
    *("postConfirmation", "preAuthentication", "preSignUp", "userMigration"),
    "verifyAuthChallengeResponse",
)
_WITH_VERSION: Final = {
    "customEmailSender": ("customEmailSender", "V1_0"),
    "customSmsSender": ("customSmsSender", "V1_0"),
    "preTokenGeneration": ("preTokenGenerationConfig", "V1_0"),
}
_ATTRIBUTES: Final = {"email": "email", "phone": "phone_number"}
_CLIENT_SCOPES: Final = ("profile", "phone", "email", "openid", "aws.cognito.signin.user.admin")


def user_pool(maker: Maker) -> None:
    """Make a user pool, in which everyone may sign up, and the functions that it calls."""
    sms = maker.value("sms")
    made = maker.resource(
        "cognito.UserPool",
        maker.name,
        {
            "aliasAttributes": _attributes(maker, "aliases"),
            "usernameAttributes": _attributes(maker, "usernames"),
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": False},
            "usernameConfiguration": {"caseSensitive": False},
            "userPoolAddOns": {"advancedSecurityMode": _upper(maker.get("advancedSecurity"))},
            "mfaConfiguration": _upper(maker.get("mfa")),
            "smsConfiguration": sms,
            "softwareTokenMfaConfiguration": (
                {"enabled": True} if maker.get("softwareToken") is not None else None
            ),
            "lambdaConfig": _triggers(maker),
        },
        "userPool",
    )
    maker.main(made, userPool=made)
    own, arn = maker.attribute(made, "id"), maker.attribute(made, "arn")
    maker.component.members["arn"] = arn
    maker.link({"id": own}, (["cognito-idp:*"], [arn]))

    def add_client(given: list[Thing], at: Location) -> Thing:
        return _client(maker, own, given, at)

    def add_provider(given: list[Thing], at: Location) -> Thing:
        settings = given[1] if len(given) > 1 else None
        name = text_of(given[0]) or "provider" if given else "provider"
        written: dict[str, Written] = {
            "userPoolId": own,
            "providerName": name,
            "providerType": field(settings, "type"),
            "providerDetails": field(settings, "details"),
            "attributeMapping": field(settings, "attributes"),
        }
        maker.resource("cognito.IdentityProvider", f"{maker.name}{name}", written)
        return Object({"providerName": Scalar(name, at)}, at)

    method(maker.component, "addClient", add_client)
    method(maker.component, "addIdentityProvider", add_provider)


def _attributes(maker: Maker, name: str) -> Written:
    words = [text_of(one) for one in items_of(maker.get(name))]
    return [_ATTRIBUTES.get(word or "", word) for word in words] or None


def _upper(thing: Thing | None) -> str:
    return (text_of(thing) or "off").upper()


def _triggers(maker: Maker) -> Written:
    triggers = maker.get("triggers")
    if triggers is None:
        return None
    found: dict[str, Written] = {"kmsKeyId": field(triggers, "kmsKey")}
    for name in (*_TRIGGERS, *_WITH_VERSION):
        definition = field(triggers, name)
        if definition is None:
            continue
        id_ = f'{maker.name}["{name}"]'
        what = called(maker, id_, definition)
        source = maker.stack.later(f"{maker.name}.arn", maker.at)
        allow(maker, id_, what, "cognito-idp.amazonaws.com", source)
        key, version = _WITH_VERSION.get(name, (name, ""))
        if name == "preTokenGeneration":
            version = _version(field(triggers, "preTokenGenerationVersion"))
        found[key] = {"lambdaArn": what.arn, "lambdaVersion": version} if version else what.arn
    return found


def _version(thing: Thing | None) -> str:
    return "V2_0" if text_of(thing) == "v2" else "V1_0"


def _client(maker: Maker, pool: Value, given: list[Thing], at: Location) -> Thing:
    name = text_of(given[0]) or "client" if given else "client"
    settings = given[1] if len(given) > 1 else None
    arguments = as_object(None, at)
    written: dict[str, Written] = {
        "name": name,
        "userPoolId": pool,
        "allowedOauthFlows": ["implicit", "code"],
        "allowedOauthFlowsUserPoolClient": True,
        "allowedOauthScopes": list(_CLIENT_SCOPES),
        "callbackUrls": ["https://example.com"],
        "supportedIdentityProviders": field(settings, "providers") or ["COGNITO"],
    }
    for key, value in written.items():
        arguments.put(key, thing_of(value, at))
    changed(maker.program, field(settings, "transform", "client"), arguments, name)
    class_ = "cognito.UserPoolClient"
    made = maker.stack.resource(class_, name, arguments, at, f"{maker.component.kind}Client")
    client = Component(f"{maker.component.kind}Client", name, at)
    its = Maker(maker.program, client, arguments)
    its.main(made, client=made)
    secret = maker.attribute(made, "clientSecret")
    its.link({"id": maker.attribute(made, "id"), "secret": secret})
    return client


def identity_pool(maker: Maker) -> None:
    """Make a pool of identities: guests get a role, too."""
    providers: list[Written] = []
    for one in items_of(maker.get("userPools")):
        pool = field(one, "userPool")
        known = settled(pool) if pool is not None else Unknown("no pool is named", maker.at)
        name = maker.text(substitute("cognito-idp.${AWS::Region}.amazonaws.com/", maker.at), known)
        providers.append({"clientId": field(one, "client"), "providerName": name})
    made = maker.resource(
        "cognito.IdentityPool",
        maker.name,
        {
            "allowUnauthenticatedIdentities": True,
            "cognitoIdentityProviders": providers or None,
        },
        "identityPool",
    )
    own = maker.attribute(made, "id")
    guest = ["mobileanalytics:PutEvents", "cognito-sync:*"]
    roles = {
        "authenticated": _role(maker, own, "authenticated", [*guest, "cognito-identity:*"]),
        "unauthenticated": _role(maker, own, "unauthenticated", guest),
    }
    maker.resource(
        "cognito.IdentityPoolRoleAttachment",
        f"{maker.name}RoleAttachment",
        {
            "identityPoolId": own,
            "roles": {name: maker.attribute(role, "arn") for name, role in roles.items()},
        },
    )
    nodes = {f"{name}Role": role for name, role in roles.items()}
    maker.main(made, identityPool=made, **nodes)
    start = "arn:${AWS::Partition}:cognito-identity:${AWS::Region}:${AWS::AccountId}:identitypool/"
    arn = maker.text(substitute(start, maker.at), own)
    maker.link({"id": own}, (["cognito-identity:*"], [arn]))


def _role(maker: Maker, pool: Value, which: str, actions: list[str]) -> Resource:
    at = maker.at
    trusted: dict[str, Plain] = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": pool},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": which},
        },
    }
    general: dict[str, Plain] = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    own = [allowed(statement_of(one), one.at) for one in items_of(maker.get("permissions", which))]
    return maker.resource(
        "iam.Role",
        f"{maker.name}{which.capitalize()}Role",
        {
            "assumeRolePolicy": document([trusted], at),
            "inlinePolicies": [{"name": "inline", "policy": document([general, *own], at)}],
        },
        f"{which}Role",
    )
