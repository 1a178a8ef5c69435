"""What the chat shows of a link: the title of the page, how it begins, and its picture."""

import json
import logging

import pictures
import web
from page import Page

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def handler(event, context):
    url = (event.get("queryStringParameters") or {}).get("url", "")
    try:
        page = Page(url, web.load(url).decode("utf-8", "replace"))
        preview = {"url": url, "title": page.title, "excerpt": page.excerpt}
        if page.picture:
            preview["picture"] = pictures.keep(page.picture)
    except web.Refused:
        logger.info("refused a link")
        return answer(400, {"error": "we show no preview of this link"})
    return answer(200, preview)


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }
