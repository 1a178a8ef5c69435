"""Pages of the web."""

import re

import requests

TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
IMAGE = re.compile(r'<meta property="og:image" content="([^"]+)"')


class Page:
    def __init__(self, url, html):
        self.url = url
        self.html = html

    @classmethod
    def load(cls, url):
        if not url.startswith("http"):
            url = "https://" + url
        answer = requests.get(url, timeout=5, headers={"User-Agent": "preview"})
        return cls(url, answer.text)

    def preview(self):
        title = TITLE.search(self.html)
        image = IMAGE.search(self.html)
        return {
            "url": self.url,
            "title": title.group(1).strip() if title else self.url,
            "image": image.group(1) if image else None,
        }
