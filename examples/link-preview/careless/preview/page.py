"""Pages of the web."""

import re
from urllib.request import urlopen

TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
PICTURE = re.compile(r'<meta property="og:image" content="([^"]+)"', re.IGNORECASE)
TAG = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)

EXCERPT = 2000


class Page:
    def __init__(self, url, text):
        self.url = url
        self.text = text

    @classmethod
    def load(cls, url):
        with urlopen(url, timeout=10) as answer:
            return cls(url, answer.read().decode("utf-8", "replace"))

    @property
    def title(self):
        found = TITLE.search(self.text)
        return found[1].strip() if found else self.url

    @property
    def picture(self):
        found = PICTURE.search(self.text)
        return found[1] if found else None

    @property
    def excerpt(self):
        return " ".join(TAG.sub(" ", self.text).split())[:EXCERPT]
