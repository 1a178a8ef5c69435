"""Links get previews."""

import json

PAGE = b"""<html><head><title>The news of today</title>
<meta property="og:image" content="https://news.example.com/picture.png">
<style>p {color: red}</style></head><body><p>It <b>rains</b>.</p></body></html>"""


def test_a_link_gets_title_and_excerpt(app, web):
    """Tags and styles are no text."""
    web["https://news.example.com/today"] = PAGE
    web["https://news.example.com/picture.png"] = b"PNG"

    preview = ask(app, "https://news.example.com/today")

    assert preview["title"] == "The news of today"
    assert preview["excerpt"] == "The news of today It rains ."


def test_its_picture_is_kept(app, web, s3):
    """The chat loads it from our bucket."""
    web["https://news.example.com/today"] = PAGE
    web["https://news.example.com/picture.png"] = b"PNG"

    preview = ask(app, "https://news.example.com/today")

    assert s3.objects == {preview["picture"]: b"PNG"}


def test_a_page_without_title_is_called_by_its_address(app, web):
    """There is always something to show."""
    web["https://news.example.com/plain"] = b"plain text"

    preview = ask(app, "https://news.example.com/plain")

    assert preview["title"] == "https://news.example.com/plain"
    assert "picture" not in preview


def ask(app, url):
    answer = app.handler({"queryStringParameters": {"url": url}}, None)
    assert answer["statusCode"] == 200
    return json.loads(answer["body"])
