"""Links to the sites that we know get previews."""

import json

import pytest

PAGE = b"""<html><head><title>The news of today</title>
<meta property="og:image" content="https://news.example.com/picture.png">
<style>p {color: red}</style></head><body><p>It <b>rains</b>.</p></body></html>"""


def test_a_link_gets_title_and_excerpt(app, web):
    """Tags and styles are no text."""
    web["https://news.example.com/today?"] = PAGE
    web["https://news.example.com/picture.png?"] = b"PNG"

    preview = ask(app, "https://news.example.com/today")

    assert preview["title"] == "The news of today"
    assert preview["excerpt"] == "The news of today It rains ."


def test_its_picture_is_kept(app, web, s3):
    """The chat loads it from our bucket."""
    web["https://news.example.com/today?"] = PAGE
    web["https://news.example.com/picture.png?"] = b"PNG"

    preview = ask(app, "https://news.example.com/today")

    assert s3.objects == {preview["picture"]: b"PNG"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///proc/self/environ",
        "http://news.example.com/today",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost:9001/2018-06-01/runtime/invocation/next",
        "https://news.example.com@attacker.example/",
        "https://attacker.example/news.example.com",
        "https://news.example.com/" + "x" * 3000,
    ],
)
def test_other_addresses_are_refused(app, web, url):
    """Nothing is loaded that the author of sites.py did not mean."""
    assert ask(app, url, status=400) == {"error": "we show no preview of this link"}


def test_a_picture_elsewhere_is_refused(app, web):
    """A page of a site that we know does not choose for us, either."""
    elsewhere = PAGE.replace(b"https://news.example.com/picture", b"https://attacker.example/x")
    web["https://news.example.com/today?"] = elsewhere

    ask(app, "https://news.example.com/today", status=400)


def test_a_redirect_is_not_followed(app):
    """What a site answers may lead anywhere."""
    handler = app.web.NoRedirects()

    with pytest.raises(app.web.Refused):
        handler.redirect_request(None, None, 302, "Found", {}, "file:///proc/self/environ")


def ask(app, url, status=200):
    answer = app.handler({"queryStringParameters": {"url": url}}, None)
    assert answer["statusCode"] == status
    return json.loads(answer["body"])
