"""Take orders from the queue into the database."""

import contextlib
import json
import logging
import os
from dataclasses import dataclass
from decimal import Decimal

import boto3
import psycopg2

log = logging.getLogger()
secrets = boto3.client("secretsmanager")
INSERT = "INSERT INTO orders (id, customer, total) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Order:
    id: int
    customer: str
    total: Decimal

    @classmethod
    def from_message(cls, message):
        body = json.loads(message["body"])
        return cls(int(body["id"]), str(body["customer"])[:80], Decimal(body["total"]))


def handle(event, context):
    failed = []
    with contextlib.closing(connect()) as database:
        for message in event["Records"]:
            try:
                store(database, Order.from_message(message))
            except (KeyError, ValueError, ArithmeticError, psycopg2.Error):
                log.exception("order not stored: message %s", message["messageId"])
                failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def store(database, order):
    with database, database.cursor() as cursor:
        cursor.execute(INSERT, (order.id, order.customer, order.total))


def connect():
    secret = json.loads(secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"])
    return psycopg2.connect(
        host=secret["host"], user=secret["username"], password=secret["password"], dbname="shop"
    )
