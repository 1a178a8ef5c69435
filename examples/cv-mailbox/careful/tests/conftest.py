"""Doubles for AWS, so that the tests need neither boto3 nor a network."""

import importlib
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parent.parent


class S3:
    def __init__(self):
        self.objects = {}

    def get_object(self, *, Bucket, Key):
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}

    def put_object(self, *, Bucket, Key, Body, ContentType):
        assert ContentType.startswith("text/plain")
        self.objects[Bucket, Key] = Body


class Table:
    def __init__(self):
        self.items = {}

    def put_item(self, *, Item):
        self.items[Item["id"]] = Item

    def get_item(self, *, Key):
        found = self.items.get(Key["id"])
        return {"Item": found} if found else {}

    def query(self, *, IndexName, KeyConditionExpression, ScanIndexForward, Limit):
        assert IndexName == "by-month"
        name, value = KeyConditionExpression
        found = [item for item in self.items.values() if item[name] == value]
        found.sort(key=lambda item: item["received"], reverse=not ScanIndexForward)
        return {"Items": found[:Limit]}


class DynamoDB:
    def __init__(self, table):
        self.table = table

    def Table(self, name):
        assert name == "candidates-table"
        return self.table


class Kms:
    """Reverses the text, and remembers what for."""

    def encrypt(self, *, KeyId, Plaintext, EncryptionContext):
        assert KeyId == "contact-key"
        return {"CiphertextBlob": repr(EncryptionContext).encode() + b"|" + Plaintext[::-1]}

    def decrypt(self, *, KeyId, CiphertextBlob, EncryptionContext):
        assert KeyId == "contact-key"
        context, _, text = CiphertextBlob.partition(b"|")
        assert context == repr(EncryptionContext).encode()
        return {"Plaintext": text[::-1]}


class SecretsManager:
    def get_secret_value(self, *, SecretId):
        assert SecretId == "ats-key-arn"
        return {"SecretString": "test-key"}


class Condition:
    """The part of boto3's condition that the application uses."""

    def __init__(self, name):
        self.name = name

    def eq(self, value):
        return self.name, value


@pytest.fixture
def s3():
    return S3()


@pytest.fixture
def kms():
    return Kms()


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def load(monkeypatch, s3, kms, table):
    """Import a function's code as Lambda does: its folder is on the path, its settings are set."""
    boto3, dynamodb = ModuleType("boto3"), ModuleType("boto3.dynamodb")
    conditions = ModuleType("boto3.dynamodb.conditions")
    conditions.Key = Condition
    clients = {"s3": s3, "kms": kms, "secretsmanager": SecretsManager()}
    boto3.client = clients.__getitem__
    boto3.resource = {"dynamodb": DynamoDB(table)}.__getitem__
    for module in (boto3, dynamodb, conditions):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setenv("MAIL_BUCKET", "mail")
    monkeypatch.setenv("CV_BUCKET", "cvs")
    monkeypatch.setenv("TABLE", "candidates-table")
    monkeypatch.setenv("CONTACT_KEY", "contact-key")
    monkeypatch.setenv("ATS_URL", "https://ats.example.com/api/candidates")
    monkeypatch.setenv("ATS_KEY", "ats-key-arn")

    def load_from(folder, module):
        forget(folder)
        monkeypatch.syspath_prepend(str(PROJECT / folder))
        return importlib.import_module(module)

    yield load_from
    forget("intake")
    forget("recruiters")


def forget(folder):
    for file in (PROJECT / folder).glob("*.py"):
        sys.modules.pop(file.stem, None)
