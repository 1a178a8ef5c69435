import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    order = json.loads(event["body"])
    job = {"file": order["file"], "count": 1}
    sqs.send_message(QueueUrl=os.environ["JOBS"], MessageBody=json.dumps(job))
    return {"statusCode": 202}
