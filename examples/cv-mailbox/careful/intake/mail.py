"""What we need of a mail, and nothing that its sender decides without need."""

from email import message_from_bytes, policy
from email.utils import parseaddr

MOST_ATTACHMENTS = 5
LARGEST_ATTACHMENT = 10 * 1024 * 1024


def parse(raw):
    return message_from_bytes(raw, policy=policy.default)


def is_clean(message):
    """SES puts its own verdict before all headers that the sender wrote."""
    return message.get("X-SES-Virus-Verdict") == "PASS"


def sender(message):
    """The sender's name and address, at most what fits into a record."""
    name, address = parseaddr(str(message.get("From", "")))
    return name[:200], address[:320]


def pdfs(message):
    """The contents of the attached PDFs. Their names are the sender's, so nobody asks for them."""
    contents = (part.get_payload(decode=True) or b"" for part in message.iter_attachments())
    fitting = [c for c in contents if c.startswith(b"%PDF-") and len(c) <= LARGEST_ATTACHMENT]
    return fitting[:MOST_ATTACHMENTS]
