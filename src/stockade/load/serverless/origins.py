"""Where the values of variables come from: the sources that the framework knows, by their type.

Serverless: "Variables", the page of each source.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from stockade.load.serverless.files import Files
from stockade.load.serverless.joined import reference
from stockade.load.serverless.syntax import Parts, Source
from stockade.model import Location, Map, Scalar, Unknown, Value

_PARAMETERS_OF_AWS = {
    "accountId": "AWS::AccountId",
    "region": "AWS::Region",
    "partition": "AWS::Partition",
    "stackId": "AWS::StackId",
    "stackName": "AWS::StackName",
    "urlSuffix": "AWS::URLSuffix",
}


class Following(Protocol):
    """What a source asks of the service whose variables are followed."""

    root: Map
    files: Files
    given: Mapping[str, str]
    passed: Mapping[str, Value]
    stage: str
    default_stage: str | None

    def shallow(self, value: Value | None) -> Value | None:
        """Return what a text stands for, the values inside that not yet followed."""

    def walk(self, value: Value | None, keys: tuple[str, ...]) -> Value | None:
        """Follow keys into a value, through the variables that stand on the way."""

    def name_of(self, parts: Parts | None, at: Location) -> str | Value:
        """Return the text of a name or an address, or the value that makes it unknown."""

    def stage_at(self, at: Location) -> Value:
        """Return the stage, as it is referred to at a place."""

    def choose(
        self,
        name: str,
        option: str,
        default: str | float | None,
        at: Location,
        *,
        no_echo: bool = False,
    ) -> Value:
        """Return a reference to what is chosen at deployment."""


def _self(variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    if variables.default_stage is not None:
        if address == "provider.stage":
            return variables.stage_at(at)
        if address == "provider.region":
            return reference("AWS::Region", at)
    value = variables.walk(variables.root, tuple(address.split(".")) if address else ())
    if address == "service" and isinstance(named := variables.shallow(value), Map):
        return named.get("name")  # as version 1 took it
    return value


def _file(variables: Following, source: Source, address: str, at: Location) -> Value | None:
    path = variables.name_of(source.parameter, at)
    if not isinstance(path, str):
        return path
    value = variables.files.value(path, at)
    return variables.walk(value, tuple(address.split("."))) if address else value


def _sls(variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    if address == "stage":
        return variables.stage_at(at)
    return variables.choose(f"sls:{address}", address, None, at)


def _param(variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    if address in variables.given:
        return variables.choose(f"param:{address}", address, None, at)
    if address in variables.passed:
        return variables.passed[address]
    stage = variables.stage
    for keys in (
        ("params", stage),
        ("stages", stage, "params"),
        ("params", "default"),
        ("stages", "default", "params"),
    ):
        found = variables.shallow(variables.walk(variables.root, (*keys, address)))
        if found is not None:
            return found
    return None


def _aws(variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    name = _PARAMETERS_OF_AWS.get(address)
    if name is None:
        return variables.choose(f"aws:{address}", address, None, at)
    return reference(name, at)


def _ssm(variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    """Return a parameter of Systems Manager, whose value the framework puts in."""
    name, _, decrypt = address.partition("~")
    secret = name.removeprefix("/aws/reference/secretsmanager/")
    if secret != name:
        secret_id, dot, key = secret.partition(".")
        field = f":SecretString:{key}" if dot else ""
        return Scalar(f"{{{{resolve:secretsmanager:{secret_id}{field}}}}}", at)
    return variables.choose(f"ssm:{name}", name, None, at, no_echo=decrypt == "true")


def _output(_variables: Following, _source: Source, address: str, at: Location) -> Value | None:
    """Return an output of another stack, which is linked where that stack is seen."""
    return Map({"Fn::ImportValue": Scalar(address, at)}, at, {})


def _elsewhere(variables: Following, source: Source, address: str, at: Location) -> Value | None:
    return variables.choose(f"{source.type}:{address}", address, None, at)


def _truth(variables: Following, source: Source, _address: str, at: Location) -> Value | None:
    text = variables.name_of(source.parameter, at)
    if not isinstance(text, str):
        return text
    word = text.strip().lower().strip("'\"")
    if word in ("true", "1", "false", "0"):
        return Scalar(word in ("true", "1"), at)
    return Unknown("the text is neither true nor false", at)


_Read: TypeAlias = Callable[[Following, Source, str, Location], Value | None]

ORIGINS: Mapping[str, _Read] = {
    "self": _self,
    "file": _file,
    "sls": _sls,
    "param": _param,
    "aws": _aws,
    "ssm": _ssm,
    "cf": _output,
    "strToBool": _truth,
    "s3": _elsewhere,
    "git": _elsewhere,
    "terraform": _elsewhere,
    "vault": _elsewhere,
    "doppler": _elsewhere,
    "output": _elsewhere,
    "state": _elsewhere,
    "secrets": _elsewhere,
    "construct": _elsewhere,
}
