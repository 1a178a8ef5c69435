"""Bringing newer data: from a server on this machine, a folder, a zip; and what goes wrong."""

import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from stockade.catalogue import Action, Catalogue, Missing, Operation, Service
from stockade.catalogue.update import update
from stockade.errors import InputError

QUEUES: dict[str, Any] = {
    "Name": "sqs",
    "Actions": [
        {
            "Name": "SendMessage",
            "Annotations": {"Properties": {"IsWrite": True, "IsList": False}},
            "Resources": [{"Name": "queue"}],
        },
        {
            "Name": "SendPostcard",
            "ActionConditionKeys": ["sqs:Stamp"],
            "Annotations": {"Properties": {"IsWrite": True}},
            "Resources": [{"Name": "queue"}],
        },
    ],
    "Resources": [
        {"Name": "queue", "ARNFormats": ["arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"]}
    ],
    "ConditionKeys": [{"Name": "sqs:Stamp", "Types": ["Bool"]}],
    "Operations": [
        {
            "Name": "SendMessage",
            "AuthorizedActions": [{"Name": "SendPostcard", "Service": "sqs"}],
            "SDK": [{"Name": "sqs", "Method": "send_message", "Package": "Boto3"}],
        }
    ],
}


class Server(ThreadingHTTPServer):
    """A reference of one service, which remembers what it was asked."""

    document: Any = QUEUES
    asked: list[tuple[str, str | None, int]]


class Handler(BaseHTTPRequestHandler):
    """Answers the index, and the document with its tag."""

    server: Server

    def do_GET(self) -> None:
        """Answer one request."""
        tag = self.headers.get("If-None-Match")
        host = f"http://127.0.0.1:{self.server.server_address[1]}"
        status, body = 200, json.dumps(self.server.document).encode()
        if self.path == "/":
            body = json.dumps([{"service": "sqs", "url": f"{host}/sqs.json"}]).encode()
        elif self.path != "/sqs.json":
            status, body = 404, b""
        elif tag == '"1"':
            status, body = 304, b""
        self.server.asked.append((self.path, tag, status))
        self.send_response(status)
        if self.path == "/sqs.json":
            self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve the reference on this machine."""
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def address(server: Server) -> str:
    """Return the address of the server's index."""
    return f"http://127.0.0.1:{server.server_address[1]}/"


def test_an_update_brings_new_actions(server: Server, tmp_path: Path) -> None:
    """New actions are there afterwards, gone ones are not, other services are as they were."""
    done = update(address(server), folder=tmp_path, date="2027-01-02")
    assert done.services == ("sqs",)
    assert done.added == ("sqs:SendPostcard",)
    assert "sqs:ReceiveMessage" in done.removed
    library = Catalogue(tmp_path)
    postcard = library.action("sqs:SendPostcard")
    assert isinstance(postcard, Action)
    assert (postcard.access, postcard.condition_keys) == ("Write", ("sqs:Stamp",))
    assert isinstance(library.action("sqs:ReceiveMessage"), Missing)
    assert isinstance(library.action("s3:GetObject"), Action)
    found = library.provenance()
    assert (found.date, found.updated) == ("2027-01-02", True)


def test_what_is_known_stays_known(server: Server, tmp_path: Path) -> None:
    """Required types, and what stockade itself says of operations, outlive an update."""
    update(address(server), folder=tmp_path)
    library = Catalogue(tmp_path)
    send = library.action("sqs:SendMessage")
    assert isinstance(send, Action)
    assert [one.required for one in send.resources] == [True]
    operation = library.operation("sqs", "send_message")
    assert isinstance(operation, Operation)
    assert [need.action for need in operation.needs] == ["sqs:SendMessage"]


def test_what_has_not_changed_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    """The second update asks with the tag of the first, and keeps what it has."""
    update(address(server), folder=tmp_path)
    server.asked.clear()
    again = update(address(server), folder=tmp_path)
    assert ("/sqs.json", '"1"', 304) in server.asked
    assert again.services == ()
    assert isinstance(Catalogue(tmp_path).action("sqs:SendPostcard"), Action)


def test_a_folder_and_a_zip_serve_as_well(tmp_path: Path) -> None:
    """The same files bring the same data without any network."""
    source = tmp_path / "reference"
    source.mkdir()
    (source / "sqs.json").write_text(json.dumps(QUEUES), encoding="utf-8")
    (source / "index.json").write_text(json.dumps([{"service": "sqs"}]), encoding="utf-8")
    packed = tmp_path / "reference.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in source.iterdir():
            archive.write(file, f"inner/{file.name}")
    places: tuple[Path | str, ...] = (source, packed, str(packed))
    for number, where in enumerate(places):
        folder = tmp_path / f"data{number}"
        assert update(where, folder=folder).added == ("sqs:SendPostcard",)
        assert isinstance(Catalogue(folder).service("sqs"), Service)


WRONG: list[Any] = [
    {},
    {"Name": 7, "Actions": []},
    {"Name": "sqs"},
    {"Name": "sqs", "Actions": "all"},
    {"Name": "sqs", "Actions": [{"name": "x"}]},
    {"Name": "sqs", "Actions": [{"Name": "X"}], "Resources": [{"Name": "q", "ARNFormats": "a"}]},
    "text",
    7,
]


@pytest.mark.parametrize("document", WRONG, ids=range(len(WRONG)))
def test_what_is_not_the_reference_changes_nothing(document: object, tmp_path: Path) -> None:
    """A document of another shape is an error, and the catalogue is as before."""
    source = tmp_path / "reference"
    source.mkdir()
    (source / "a.json").write_text(json.dumps(QUEUES), encoding="utf-8")
    (source / "b.json").write_text(json.dumps(document), encoding="utf-8")
    folder = tmp_path / "data"
    with pytest.raises(InputError, match=r"b\.json"):
        update(source, folder=folder)
    assert not folder.exists()


def test_what_cannot_be_read_is_told(server: Server, tmp_path: Path) -> None:
    """Nobody there, no such page, no JSON, no zip, nothing at all: an error with a hint."""
    port = server.server_address[1]
    nobody = "http://127.0.0.1:1/"
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "x.json").write_text("[" * 100_000, encoding="utf-8")
    for source in (
        nobody,
        f"http://127.0.0.1:{port}/moon",
        tmp_path / "no.zip",
        tmp_path / "none",
        broken,
    ):
        with pytest.raises(InputError):
            update(source, folder=tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_damaged_copy_of_the_user_is_told(tmp_path: Path) -> None:
    """A catalogue of the user's that is no catalogue is an error that names it."""
    (tmp_path / "catalogue.bin").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"catalogue\.bin"):
        Catalogue(tmp_path).services()
