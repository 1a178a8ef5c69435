import os

import boto3

s3 = boto3.client("s3")
orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])


def handler(event, context):
    for record in event["Records"]:
        bucket, stored = record["s3"]["bucket"], record["s3"]["object"]
        found = s3.get_object(Bucket=bucket["name"], Key=stored["key"])
        name = found["Body"].read().decode()
        orders.put_item(Item={"id": stored["key"], "name": name})
