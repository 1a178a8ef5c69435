"""The report as one page that opens anywhere, without a network: drawn, searched, printed.

`content` turns the report into data, `page` puts the data into the page that `web/` builds.
"""

from stockade.model import Report
from stockade.reports.html.content import content
from stockade.reports.html.page import around

__all__ = ["render"]


def render(report: Report) -> str:
    """Write the report as HTML."""
    return around(content(report))
