"""The pictures of pages, kept so that the chat loads them from us."""

import hashlib
import os
from urllib.request import urlopen

import boto3

s3 = boto3.client("s3")


def keep(url):
    with urlopen(url, timeout=10) as answer:
        picture = answer.read()
    key = hashlib.sha256(url.encode()).hexdigest()
    s3.put_object(Bucket=os.environ["PICTURES"], Key=key, Body=picture)
    return key
