"""The data sources of a GraphQL API, and the roles by which it reaches them."""

from stockade.load.building import Plain, entry, only, substitute, write
from stockade.load.sam.connectors import expand_connector
from stockade.load.sam.expansion import Expansion
from stockade.load.sam.policies import trust
from stockade.model import Location, Map, Parameter, Reference, Resource, Value
from stockade.model.record import replace


def api_id(expansion: Expansion, owner: Resource, at: Location) -> Reference:
    """Refer to the id of the API `owner`."""
    return expansion.refer(owner.logical_id, at, "ApiId")


def add_data_sources(expansion: Expansion, owner: Resource) -> dict[str, Value]:
    """Add the data sources; return how functions name each of them."""
    written = entry(owner.properties, "DataSources")
    names: dict[str, Value] = {}
    for key, kind in (("DynamoDb", "DynamoDB"), ("Lambda", "Lambda")):
        sources = entry(written, key)
        for name, given in sources if isinstance(sources, Map) else ():
            if isinstance(given, Map):
                logical_id = f"{owner.logical_id}{name}{kind}DataSource"
                _add_data_source(expansion, owner, (name, logical_id, kind), given)
                names[name] = expansion.refer(logical_id, given.at, "Name")
    return names


def _add_data_source(
    expansion: Expansion, owner: Resource, names: tuple[str, str, str], given: Map
) -> None:
    name, logical_id, kind = names
    at = given.at
    role = entry(given, "ServiceRoleArn")
    if role is None:
        role = _data_source_role(expansion, owner, logical_id, kind, given)
    settings: dict[str, Plain] = {
        "Name": entry(given, "Name") or name,
        "ApiId": api_id(expansion, owner, at),
        "Description": entry(given, "Description"),
        "ServiceRoleArn": role,
    }
    if kind == "Lambda":
        settings["Type"] = "AWS_LAMBDA"
        settings["LambdaConfig"] = {"LambdaFunctionArn": entry(given, "FunctionArn")}
    else:
        settings["Type"] = "AMAZON_DYNAMODB"
        settings["DynamoDBConfig"] = {
            "AwsRegion": _region(given),
            **only(given, "TableName", "UseCallerCredentials", "Versioned"),
            "DeltaSyncConfig": entry(given, "DeltaSync"),
        }
    expansion.add(owner, logical_id, "AWS::AppSync::DataSource", settings, at)


def _region(given: Map) -> Value:
    return entry(given, "Region") or Parameter("AWS::Region", None, given.at)


def _data_source_role(
    expansion: Expansion, owner: Resource, logical_id: str, kind: str, given: Map
) -> Value:
    at = given.at
    role = f"{logical_id}Role"
    settings = {"AssumeRolePolicyDocument": trust("appsync.amazonaws.com", at)}
    expansion.add(owner, role, "AWS::IAM::Role", settings, at)
    source: Plain = {
        "Type": "AWS::AppSync::DataSource",
        "Arn": expansion.refer(logical_id, at),
        "RoleName": expansion.refer(role, at),
    }
    permissions: Plain = ["Write"]
    if kind == "Lambda":
        name = f"{logical_id}ToLambdaConnector"
        target: Plain = {"Type": "AWS::Lambda::Function", "Arn": entry(given, "FunctionArn")}
    else:
        name = f"{logical_id}ToTableConnector"
        target = {"Type": "AWS::DynamoDB::Table", "Arn": _table_arn(given)}
        permissions = entry(given, "Permissions") or ["Read", "Write"]
    plain: Plain = {"Source": source, "Destination": target, "Permissions": permissions}
    connect(expansion, owner, name, plain, at)
    return expansion.refer(role, at, "Arn")


def _table_arn(given: Map) -> Value | None:
    table = entry(given, "TableName")
    arn = entry(given, "TableArn")
    if arn is not None or table is None:
        return arn
    text_ = "arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${Table}"
    return substitute(text_, given.at, {"Table": table, "Region": _region(given)})


def connect(
    expansion: Expansion, owner: Resource, logical_id: str, plain: Plain, at: Location
) -> None:
    """Expand a connector that SAM puts between the API and what it uses."""
    properties = write(plain, at)
    if isinstance(properties, Map):
        bare = replace(owner, attributes=None, condition=None)
        made = replace(bare, logical_id=logical_id, properties=properties, at=at)
        expand_connector(expansion, made)
