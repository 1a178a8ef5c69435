"""Who may call a REST API at all: `Auth.ResourcePolicy` as `x-amazon-apigateway-policy`.

Follows "ResourcePolicyStatement" of AWS::Serverless::Api. Lists of addresses and networks
become an Allow for everyone and a Deny for those outside, or inside, the list.
"""

from stockade._late import pattern
from stockade.load.building import Plain, entry, is_empty, items_of, substitute, text, write
from stockade.load.sam.role import shape
from stockade.model import List, Location, Map, Value

_PARAMETER = pattern(r"\{[a-zA-Z0-9._-]+\+?\}")
_ANY = ("x-amazon-apigateway-any-method", "any")


class ResourcePolicyDraft:
    """The statements so far; the same statement is added once."""

    __slots__ = ("_known", "_statements")

    def __init__(self) -> None:
        self._statements: list[Value] = []
        self._known: set[str] = set()

    def add_custom(self, statements: Value | None) -> None:
        """Add the author's own statements."""
        for statement in items_of(statements):
            self._add(statement, once=True)

    def add_path(self, policy: Map, path: str, methods: list[str], stage: Value) -> None:
        """Add what `policy` says, for every method of a path."""
        at = policy.at
        resources = _resources(path, methods, stage, at)
        for key, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
            accounts = entry(policy, key)
            if not is_empty(accounts):
                listed = accounts if isinstance(accounts, List) else [accounts]
                self._add(_statement(effect, resources, {"AWS": listed}, at), once=False)
        for key, operator in (
            ("IpRangeWhitelist", "NotIpAddress"),
            ("IpRangeBlacklist", "IpAddress"),
        ):
            ranges = entry(policy, key)
            if not is_empty(ranges):
                listed = ranges if isinstance(ranges, List) else [ranges]
                self._deny(resources, {operator: {"aws:SourceIp": listed}}, policy.key_at(key))
        for kind, operator in (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")):
            networks = _networks(policy, kind)
            if networks:
                self._deny(resources, {operator: networks}, at)

    def _deny(self, resources: Plain, condition: Plain, at: Location) -> None:
        self._add(_statement("Allow", resources, "*", at), once=True)
        self._add(_statement("Deny", resources, "*", at, condition), once=True)

    def _add(self, statement: Value, *, once: bool) -> None:
        same = shape(statement)
        if not once or same not in self._known:
            self._known.add(same)
            self._statements.append(statement)

    def document(self, base: Value | None, at: Location) -> Value | None:
        """Return the whole policy, after what the author's definition says."""
        if not self._statements:
            return base
        earlier = list(items_of(entry(base, "Statement")))
        rest = dict(base.entries) if isinstance(base, Map) else {}
        return write(
            {**rest, "Version": "2012-10-17", "Statement": [*earlier, *self._statements]}, at
        )


def _statement(
    effect: str, resources: Plain, principal: Plain, at: Location, condition: Plain = None
) -> Value:
    return write(
        {
            "Effect": effect,
            "Action": "execute-api:Invoke",
            "Resource": resources,
            "Principal": principal,
            "Condition": condition,
        },
        at,
    )


def _resources(path: str, methods: list[str], stage: Value, at: Location) -> list[Plain]:
    ending = _PARAMETER.sub("*", path)
    found: list[Plain] = []
    for method in methods:
        verb = "*" if method.lower() in _ANY else method.upper()
        found.append(substitute("execute-api:/${Stage}/" + verb + ending, at, {"Stage": stage}))
    return found


def _networks(policy: Map, kind: str) -> dict[str, Plain]:
    found: dict[str, list[Plain]] = {}
    for item in items_of(entry(policy, f"SourceVpc{kind}")):
        name = text(item) or ""
        if name.startswith("vpce-"):
            found.setdefault("aws:SourceVpce", []).append(item)
        elif name.startswith("vpc-"):
            found.setdefault("aws:SourceVpc", []).append(item)
    for key, name in (("IntrinsicVpc", "aws:SourceVpc"), ("IntrinsicVpce", "aws:SourceVpce")):
        for item in items_of(entry(policy, key + kind)):
            found.setdefault(name, []).append(item)
    return dict(found)
