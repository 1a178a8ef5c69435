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

    def get_object(self, Bucket, Key):
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}


class Table:
    def __init__(self):
        self.items = {}

    def put_item(self, Item):
        self.items[Item["id"]] = Item

    def get_item(self, Key):
        found = self.items.get(Key["id"])
        return {"Item": found} if found else {}

    def scan(self, ProjectionExpression):
        names = ProjectionExpression.split(", ")
        return {"Items": [{n: item[n] for n in names} for item in self.items.values()]}


class DynamoDB:
    def __init__(self, table):
        self.table = table

    def Table(self, name):
        assert name == "candidates-table"
        return self.table


@pytest.fixture
def s3():
    return S3()


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def load(monkeypatch, s3, table):
    """Import a function's code as Lambda does: its folder is on the path, its settings are set."""
    boto3 = ModuleType("boto3")
    boto3.client = {"s3": s3}.__getitem__
    boto3.resource = {"dynamodb": DynamoDB(table)}.__getitem__
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    monkeypatch.setenv("TABLE", "candidates-table")
    monkeypatch.setenv("ATS_URL", "https://ats.example.com/api/candidates")
    monkeypatch.setenv("ATS_API_KEY", "test-key")

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
