from html import escape

import boto3

mail = boto3.client("sesv2")


def handler(event, context):
    customer = event["detail"]["customer"]
    mail.send_email(
        FromEmailAddress="welcome@example.com",
        Destination={"ToAddresses": [customer["address"]]},
        Content={
            "Simple": {
                "Subject": {"Data": "Welcome"},
                "Body": {"Html": {"Data": f"<p>Dear {escape(customer['name'])}, welcome!</p>"}},
            }
        },
    )
