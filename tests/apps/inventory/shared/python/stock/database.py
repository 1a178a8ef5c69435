"""The database, through the Data API."""

import os

import boto3

client = boto3.client("rds-data")


def select(columns, where="", parameters=()):
    """Rows of the table of products."""
    sql = "SELECT " + ", ".join(columns) + " FROM products"
    if where:
        sql += " WHERE " + where
    answer = client.execute_statement(
        resourceArn=os.environ["DATABASE"],
        secretArn=os.environ["SECRET"],
        database="stock",
        sql=sql,
        parameters=list(parameters),
    )
    return [dict(zip(columns, map(value, row))) for row in answer["records"]]


def value(field):
    return next(iter(field.values()))
