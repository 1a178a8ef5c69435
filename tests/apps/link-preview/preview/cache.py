"""What was loaded before."""

import os

import boto3


class Cache:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["CACHE"])

    def get(self, url):
        found = self.table.get_item(Key={"url": url})
        return found["Item"]["preview"] if "Item" in found else None

    def put(self, url, preview):
        self.table.put_item(Item={"url": url, "preview": preview})
