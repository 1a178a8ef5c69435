import os
import re

import boto3

bucket = boto3.resource("s3").Bucket(os.environ["DOCUMENTS"])


def handler(event, context):
    number = event["customer"]["number"]
    if not re.fullmatch(r"C[0-9]{6}", number):
        raise ValueError("not the number of a customer")
    folder = f"customers/{number}/"
    bucket.put_object(Key=folder, Body=b"")
    return folder
