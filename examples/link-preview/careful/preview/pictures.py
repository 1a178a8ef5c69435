"""The pictures of pages, kept so that the chat loads them from us."""

import hashlib
import os

import boto3
import web

s3 = boto3.client("s3")


def keep(url):
    picture = web.load(url)
    key = hashlib.sha256(url.encode()).hexdigest()
    s3.put_object(Bucket=os.environ["PICTURES"], Key=key, Body=picture)
    return key
