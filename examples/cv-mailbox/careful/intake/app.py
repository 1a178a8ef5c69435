"""A mail has arrived: turn it into a candidate."""

import logging
import os
import re
from urllib.parse import unquote_plus

import ats
import boto3
import candidates
import cv
import mail

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

s3 = boto3.client("s3")

# SES names a mail by its message id, 40 letters and digits.
KEY = re.compile(r"incoming/[a-z0-9]{20,64}")
LARGEST = 40 * 1024 * 1024


class Refused(Exception):
    """An event or a mail that is not what it should be."""


def handler(event, _context):
    for record in event["Records"]:
        key = key_of(record)
        message = mail.parse(read(key))
        if not mail.is_clean(message):
            raise Refused("SES found a virus, or did not look for one")
        texts = [cv.text_of(content) for content in mail.pdfs(message)]
        candidate = candidates.save(message, texts)
        ats.announce(candidate)
        logger.info("took in candidate %s with %d documents", candidate, len(texts))


def key_of(record):
    """The key of the mail; the event must speak of our bucket and of a mail in it."""
    if record["s3"]["bucket"]["name"] != os.environ["MAIL_BUCKET"]:
        raise Refused("an event of another bucket")
    if record["s3"]["object"]["size"] > LARGEST:
        raise Refused("a mail that SES would not have accepted")
    key = unquote_plus(record["s3"]["object"]["key"])
    if not KEY.fullmatch(key):
        raise Refused("an object that is no mail")
    return key


def read(key):
    answer = s3.get_object(Bucket=os.environ["MAIL_BUCKET"], Key=key)
    return answer["Body"].read(LARGEST)
