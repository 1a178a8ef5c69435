import subprocess


def handler(event, context):
    for record in event["Records"]:
        name = record["dynamodb"]["NewImage"]["name"]["S"]
        subprocess.run(f"convert {name}", shell=True)
