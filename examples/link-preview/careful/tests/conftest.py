"""Doubles for AWS and for the web, so that the tests need neither boto3 nor a network."""

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

    def put_object(self, *, Bucket, Key, Body):
        assert Bucket == "pictures"
        self.objects[Key] = Body


class Opener:
    def __init__(self):
        self.pages = {}

    def open(self, url, timeout):
        return io.BytesIO(self.pages[url])


@pytest.fixture
def s3():
    return S3()


@pytest.fixture
def app(monkeypatch, s3):
    """Import the function's code as Lambda does: its folder is on the path."""
    boto3 = ModuleType("boto3")
    boto3.client = {"s3": s3}.__getitem__
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    monkeypatch.setenv("PICTURES", "pictures")
    forget()
    monkeypatch.syspath_prepend(str(PROJECT / "preview"))
    yield importlib.import_module("app")
    forget()


@pytest.fixture
def web(app, monkeypatch):
    """What hosts answer, by address."""
    opener = Opener()
    monkeypatch.setattr(app.web, "opener", opener)
    return opener.pages


def forget():
    for file in (PROJECT / "preview").glob("*.py"):
        sys.modules.pop(file.stem, None)
