"""Event data stands unescaped in a page. Its page is docs/rules/event-in-page.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts, Flow
from stockade.model import Application, Match, Severity
from stockade.model.record import replace
from stockade.rules._matches import from_flows
from stockade.rules._rule import rule
from stockade.rules._wording import carried, in_javascript

_OF_STRANGERS = frozenset({"referer", "referrer", "cookie", "origin", "accept", "user-agent"})
"""Headers that others may have a say in: some a page of theirs, a cookie a host beside."""


@rule(
    title="event data stands unescaped in a page",
    harm=Severity.HIGH,
    practice="C6",
    cwe=(79,),
)
def event_in_page(app: Application, facts: Facts) -> Iterator[Match]:
    """Report every flow from an event into what browsers, or mail, show as a page."""
    flows = tuple(facts.flows_into("page"))
    mails = [flow for flow in flows if _is_mail(flow)]
    pages = [flow for flow in flows if not _is_mail(flow) and not _is_own_header(flow)]
    yield from from_flows(app, pages, _can, _instead)
    for match in from_flows(app, mails, _writes, _instead):
        # Mail runs no scripts: what is written there is shown, and links lead elsewhere.
        yield replace(match, harm=Severity.MEDIUM)


def _is_mail(flow: Flow) -> bool:
    return flow.callee.startswith(("aws.ses", "npm:nodemailer.", "npm:@sendgrid/"))


def _is_own_header(flow: Flow) -> bool:
    """Tell whether it is a header that nobody can have another's browser send.

    A page of somebody else's chooses the address that it sends browsers from, and no other header
    without the answer to a preflight request ("CORS protocol" of the Fetch Standard).
    """
    way, _, name = flow.origin.field.partition(".")
    return way == "headers" and bool(name) and name.lower() not in _OF_STRANGERS


def _writes(flow: Flow) -> str:
    return f"write into the mail that {flow.function} sends, links and forms included"


def _can(flow: Flow) -> str:
    return f"run scripts in the browsers of those who open the page of {flow.function}"


def _instead(flow: Flow) -> str:
    if in_javascript(flow):
        return (
            f"escape {carried(flow)} with escape-html, or render a template whose language escapes"
        )
    return (
        f"pass html.escape() of {carried(flow)}, or render a template of jinja2 with "
        "autoescape=True"
    )
