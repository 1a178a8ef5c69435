"""Mails become candidates."""

import subprocess
from email.message import EmailMessage

import pytest


@pytest.fixture
def app(load, tmp_path, monkeypatch):
    app = load("intake", "app")
    monkeypatch.setattr(app.cv, "FOLDER", str(tmp_path / "cvs"))
    monkeypatch.setattr(app.ats, "announce", lambda candidate: None)
    return app


def mail(*attachments):
    message = EmailMessage()
    message["From"] = "Ada <ada@example.org>"
    message["Subject"] = "My application"
    message.set_content("Hello!")
    for name, content in attachments:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def stored(s3, raw):
    s3.objects["mail", "incoming/1 2"] = raw
    return {"Records": [{"s3": {"bucket": {"name": "mail"}, "object": {"key": "incoming/1+2"}}}]}


def test_a_mail_becomes_a_candidate(app, s3, table):
    """Sender, subject, text and telephone number are kept."""
    app.handler(stored(s3, mail(("cv.txt", b"Ada\nPhone: +44 20 7946 0958\n"))), None)

    (candidate,) = table.items.values()
    assert candidate["sender"] == "Ada <ada@example.org>"
    assert candidate["subject"] == "My application"
    assert candidate["phone"] == "+44 20 7946 0958"
    assert candidate["text"].startswith("Ada")


def test_pdfs_go_through_pdftotext(app, s3, table, monkeypatch):
    """A PDF's text is what pdftotext prints."""
    ran = []

    def run(command, **options):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, b"text of the CV", b"")

    monkeypatch.setattr(app.cv.extract.subprocess, "run", run)
    app.handler(stored(s3, mail(("cv.pdf", b"%PDF-1.7"))), None)

    assert ran == [f"pdftotext -layout {app.cv.FOLDER}/cv.pdf -"]
    assert [candidate["text"] for candidate in table.items.values()] == ["text of the CV"]


def test_other_files_are_kept_without_text(app, s3, table):
    """A picture has no text, and does no harm."""
    app.handler(stored(s3, mail(("photo.jpg", b"\xff\xd8"))), None)

    assert [candidate["text"] for candidate in table.items.values()] == [""]


def test_the_candidate_is_announced_with_our_key(load, monkeypatch):
    """The applicant tracking system gets the candidate as JSON."""
    ats = load("intake", "ats")
    sent = []

    class Response:
        status = 201

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

    def urlopen(request, timeout):
        sent.append(request)
        return Response()

    monkeypatch.setattr(ats.urllib.request, "urlopen", urlopen)
    ats.announce({"id": "1"})

    assert sent[0].full_url == "https://ats.example.com/api/candidates"
    assert sent[0].headers["Authorization"] == "Bearer test-key"
    assert sent[0].data == b'{"id": "1"}'
