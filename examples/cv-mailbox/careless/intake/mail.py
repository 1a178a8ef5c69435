"""What we need of a mail."""

from collections import namedtuple
from email import message_from_bytes, policy

Attachment = namedtuple("Attachment", "name content")


class Mail:
    def __init__(self, raw):
        self.message = message_from_bytes(raw, policy=policy.default)

    @property
    def sender(self):
        return str(self.message["From"])

    @property
    def subject(self):
        return str(self.message["Subject"])

    def attachments(self):
        for part in self.message.walk():
            if part.get_filename():
                yield Attachment(part.get_filename(), part.get_payload(decode=True))
