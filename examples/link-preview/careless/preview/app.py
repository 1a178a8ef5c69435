"""What the chat shows of a link: the title of the page, how it begins, and its picture."""

import json

import pictures
from page import Page


def handler(event, context):
    url = event["queryStringParameters"]["url"]
    page = Page.load(url)
    preview = {"url": url, "title": page.title, "excerpt": page.excerpt}
    if page.picture:
        preview["picture"] = pictures.keep(page.picture)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(preview),
    }
