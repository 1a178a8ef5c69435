"""The title and the picture of a page, for a preview in the chat."""

import json

from cache import Cache
from page import Page

cache = Cache()


def handler(event, context):
    url = (event.get("queryStringParameters") or {}).get("url", "")
    if not url:
        return {"statusCode": 400, "body": "no url"}
    preview = cache.get(url)
    if preview is None:
        preview = Page.load(url).preview()
        cache.put(url, preview)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(preview),
    }
