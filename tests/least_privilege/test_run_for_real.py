"""The generated policy, tried: the example's handler runs against AWS's APIs under that role."""

import importlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws

from stockade import catalogue
from stockade.analysis import analyse
from stockade.analysis.least_privilege import Judgement, judge
from stockade.analysis.permissions import needs
from stockade.iam import Policies, Request, decide
from stockade.load import load

CARELESS = Path(__file__).parents[2] / "examples" / "cv-mailbox" / "careless"
ACCOUNT, REGION = "123456789012", "eu-west-1"
DEPLOYED = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "MailBucket": "stack-mail",
    "Candidates": "stack-candidates",
    "Intake": "stack-intake",
}
"""What CloudFormation would put in for each expression of the template."""


def intake() -> Judgement:
    """Judge the function that takes mail in."""
    (app,) = load(CARELESS).applications
    found = {one.function: one for one in judge(app, needs(app, analyse(app)))}
    return found["Intake"]


def deployed(policy: Mapping[str, object]) -> dict[str, Any]:
    """Put in the names that deployment gives."""
    text = re.sub(r"\$\{([^}]+)\}", lambda found: DEPLOYED[found[1]], json.dumps(policy))
    made: dict[str, Any] = json.loads(text)
    return made


class Guard:
    """Stands before every call of AWS, and lets through what the policy allows."""

    def __init__(self, policy: Mapping[str, object]) -> None:
        self.policies = Policies(identity=[policy])
        self.asked: list[str] = []

    def check(self, service: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """Raise what AWS would for a call that the policy does not allow."""
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        found = catalogue.operation(service, method)
        assert isinstance(found, catalogue.Operation)
        for need in found.needs:
            if all(self._holds(test, parameters) for test in need.when):
                self._ask(need, parameters, operation)

    def _holds(self, test: str, parameters: Mapping[str, Any]) -> bool:
        name = test.removeprefix("not ")
        return (name in parameters) is not test.startswith("not ")

    def _ask(
        self, need: catalogue.Authorization, parameters: Mapping[str, Any], operation: str
    ) -> None:
        values = [
            next(parameters[way] for way in ways if way in parameters) for ways in need.arguments
        ]
        place = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
        names = iter(values)
        arn = re.sub(
            r"\$\{(\w+)\}", lambda found: place.get(found[1]) or next(names), need.resource
        )
        self.asked.append(need.action)
        role = f"arn:aws:iam::{ACCOUNT}:role/intake"
        request = Request(role, need.action, arn, account=ACCOUNT)
        if not decide(request, self.policies).allowed:
            error = {"Error": {"Code": "AccessDenied", "Message": f"{need.action} on {arn}"}}
            raise ClientError(error, operation)


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Put the guard before botocore's one way out."""
    send = BaseClient._make_api_call  # noqa: SLF001 - all calls go through it

    def call(self: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        guard.check(self.meta.service_model.service_name, operation, parameters)
        return send(self, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", call):
        yield


@contextmanager
def modules(folder: Path) -> Iterator[ModuleType]:
    """Import the handler as Lambda does, and forget it afterwards."""
    before = set(sys.modules)
    with patch.object(sys, "path", [str(folder), *sys.path]):
        try:
            yield importlib.import_module("app")
        finally:
            for name in set(sys.modules) - before:
                if getattr(sys.modules[name], "__file__", None) and str(folder) in str(
                    sys.modules[name].__file__
                ):
                    del sys.modules[name]


def take_in_a_mail(policy: Mapping[str, object], folder: Path) -> tuple[Guard, int]:
    """Run the handler on a mail. Return the guard, and how many candidates were saved."""
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "TABLE": DEPLOYED["Candidates"],
        "ATS_URL": "",
        "ATS_API_KEY": "",
    }
    guard = Guard(policy)
    with patch.dict(os.environ, environment), mock_aws(), modules(CARELESS / "intake") as app:
        s3 = boto3.client("s3")
        s3.create_bucket(
            Bucket=DEPLOYED["MailBucket"],
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        s3.put_object(Bucket=DEPLOYED["MailBucket"], Key="incoming/1", Body=mail())
        table = boto3.resource("dynamodb").create_table(
            TableName=DEPLOYED["Candidates"],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        record = {"bucket": {"name": DEPLOYED["MailBucket"]}, "object": {"key": "incoming/1"}}
        with (
            patch.object(app.cv, "FOLDER", str(folder)),
            patch.object(app.ats, "announce"),
            guarded(guard),
        ):
            app.handler({"Records": [{"s3": record}]}, None)
        return guard, len(table.scan()["Items"])


def mail() -> bytes:
    """Write a mail with a CV."""
    message = EmailMessage()
    message["From"] = "Ada <ada@example.org>"
    message["Subject"] = "My application"
    message.set_content("Hello!")
    message.add_attachment(b"Ada\n", "application", "octet-stream", filename="cv.txt")
    return message.as_bytes()


def test_every_call_is_allowed_under_the_generated_policy(tmp_path: Path) -> None:
    """The mail becomes a candidate, and the evaluator was asked for each call."""
    guard, saved = take_in_a_mail(deployed(intake().policy.document()), tmp_path)

    assert saved == 1
    assert guard.asked == ["s3:GetObject", "dynamodb:PutItem"]


@pytest.mark.parametrize("action", ["s3:GetObject", "dynamodb:PutItem"])
def test_without_any_one_statement_a_call_is_denied(action: str, tmp_path: Path) -> None:
    """The call that the statement was made for fails as it would on AWS."""
    document = deployed(intake().policy.document())
    document["Statement"] = [one for one in document["Statement"] if action not in one["Action"]]

    with pytest.raises(ClientError, match=f"AccessDenied.*{action}"):
        take_in_a_mail(document, tmp_path)
