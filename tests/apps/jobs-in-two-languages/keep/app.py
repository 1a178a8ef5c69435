import json
import os
import uuid

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        job = json.loads(record["body"])
        s3.put_object(Bucket=os.environ["INBOX"], Key=f"jobs/{uuid.uuid4()}.txt", Body=job["file"])
