"""Loads from the sites that we know, and from nowhere else."""

from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from sites import SITES

LARGEST = 1024 * 1024
LONGEST = 2000


class Refused(Exception):
    """An address that is not one of a site that we know, or that leads elsewhere."""


class NoRedirects(HTTPRedirectHandler):
    """Where a site redirects to is not for us to follow."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        raise Refused("redirect")


opener = build_opener(NoRedirects)


def load(url):
    """Return what a site answers: scheme and host are ours, the path is the link's."""
    if len(url) > LONGEST:
        raise Refused("address")
    parts = urlsplit(url)
    site = SITES.get(parts.hostname or "")
    if site is None or parts.scheme != "https":
        raise Refused("address")
    with opener.open(f"{site}/{parts.path.lstrip('/')}?{parts.query}", timeout=5) as answer:
        return answer.read(LARGEST)
