"""Doubles for AWS and for the web, so that the tests need neither boto3 nor a network."""

import importlib
import io
import sys
import urllib.request
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


@pytest.fixture
def s3():
    return S3()


@pytest.fixture
def web(monkeypatch):
    """What hosts answer, by address."""
    pages = {}

    def urlopen(url, timeout):
        return io.BytesIO(pages[url])

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return pages


@pytest.fixture
def app(monkeypatch, s3, web):
    """Import the function's code as Lambda does: its folder is on the path."""
    boto3 = ModuleType("boto3")
    boto3.client = {"s3": s3}.__getitem__
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    monkeypatch.setenv("PICTURES", "pictures")
    forget()
    monkeypatch.syspath_prepend(str(PROJECT / "preview"))
    yield importlib.import_module("app")
    forget()


def forget():
    for file in (PROJECT / "preview").glob("*.py"):
        sys.modules.pop(file.stem, None)
