# === s3: the key is the sender's, the bucket is not
import os
def handler(event, context):
    for record in event["Records"]:
        os.system(record["s3"]["bucket"]["name"])
        os.system(str(record["s3"]["object"]["size"]))
        os.system(record["s3"]["object"]["key"])  # flow: shell Records[].s3.object.key
# === s3: the content of the object is the sender's
import os
import boto3
s3 = boto3.client("s3")
def handler(event, context):
    key = event["Records"][0]["s3"]["object"]["key"]
    os.system(s3.get_object(Bucket="x", Key=key)["Body"].read())  # flow: shell the content of the object
    s3.download_file("x", key, "/tmp/in")
    with open("/tmp/in") as file:
        os.system(file.readline())  # flow: shell the content of the object
    boto3.resource("s3").Object("x", key).download_file("/tmp/two")
    os.system(open("/tmp/two").read())  # flow: shell the content of the object
# === ses: the mail that was stored is its sender's, found by the id of the message
import email
import os
import boto3
s3 = boto3.client("s3")
def handler(event, context):
    mail = event["Records"][0]["ses"]["mail"]
    os.system(mail["messageId"])
    raw = s3.get_object(Bucket="mails", Key=f"in/{mail['messageId']}")["Body"].read()
    for part in email.message_from_bytes(raw).walk():
        os.system("file " + part.get_filename())  # flow: shell the content of the object
    other = s3.get_object(Bucket="mails", Key="template.txt")["Body"].read()
    os.system(other)
# === sqs: the body is the sender's, the rest is not
import json
import os
def handler(event, context):
    for record in event["Records"]:
        os.system(record["messageId"])
        os.system(record["eventSourceARN"])
        os.system(json.loads(record["body"])["name"])  # flow: shell Records[].body.name
# === sns: message, subject and attributes
import os
def handler(event, context):
    sns = event["Records"][0]["Sns"]
    os.system(sns["TopicArn"])
    os.system(sns["Subject"])  # flow: shell Records[].Sns.Subject
    os.system(sns["MessageAttributes"]["x"]["Value"])  # flow: shell Records[].Sns.MessageAttributes.x.Value
# === http-api: claims are the holder's, but not all
import os
def handler(event, context):
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    os.system(claims["sub"])
    os.system(event["requestContext"]["http"]["sourceIp"])
    os.system(claims["name"])  # flow: shell requestContext.authorizer.jwt.claims.name
# === schedule: nobody writes it
import os
def handler(event, context):
    os.system(event["detail"]["x"])
    os.system(event["name"])
# === dynamodb-stream: images and keys
import os
def handler(event, context):
    for record in event["Records"]:
        os.system(record["eventName"])
        os.system(record["dynamodb"]["NewImage"]["name"]["S"])  # flow: shell Records[].dynamodb.NewImage.name.S
# === kinesis: the data, after base64
import base64
import json
import os
def handler(event, context):
    for record in event["Records"]:
        data = json.loads(base64.b64decode(record["kinesis"]["data"]))
        os.system(data["x"])  # flow: shell Records[].kinesis.data.x
# === ses: what the mail says of itself
import os
def handler(event, context):
    mail = event["Records"][0]["ses"]["mail"]
    os.system(mail["messageId"])
    os.system(mail["commonHeaders"]["subject"])  # flow: shell Records[].ses.mail.commonHeaders.subject
# === cognito: attributes of who signs up
import os
def handler(event, context):
    os.system(event["userPoolId"])
    os.system(event["request"]["userAttributes"]["name"])  # flow: shell request.userAttributes.name
# === event-bus: the detail
import os
def handler(event, context):
    os.system(event["account"])
    os.system(event["detail"]["name"])  # flow: shell detail.name
# === invoke: whoever invokes it writes all of it
import os
def handler(event, context):
    os.system(event["command"])  # flow: shell command
    os.system(context.function_name)
# === iot: whatever the device sends
import os
def handler(event, context):
    os.system(event["command"])  # flow: shell command
# === graphql-api: arguments
import os
def handler(event, context):
    os.system(event["info"]["fieldName"])
    os.system(event["arguments"]["name"])  # flow: shell arguments.name
# === http-api: what no request carries comes from whoever calls the function by its name
import os
def handler(event, context):
    os.system(event["isBase64Encoded"])
    os.system(event["requestContext"]["stage"])
    os.system(event["command"])  # flow: shell command
    os.system(event.get("job", {}).get("name"))  # flow: shell job.name
# === sqs: what no message carries comes from whoever calls the function by its name
import os
def handler(event, context):
    if "Records" in event:
        os.system(event["Records"][0]["eventSource"])
    else:
        os.system(event["command"])  # flow: shell command
# === http-api: what runs over all of the event is not taken for a call by name
import os
def handler(event, context):
    for key in event:
        os.system(key)
# === dynamodb-stream: an empty map in place of a field is no way to what is around it
import os
def handler(event, context):
    for record in event.get("Records", []):
        image = record.get("dynamodb", {}).get("NewImage") or {}
        name = image.get("name", {}).get("S", "")
        os.system(name)  # flow: shell Records[].dynamodb.NewImage.name.S
# === what is written into one field of a library's object is not in its others
import os
import boto3
def handler(event, context):
    item = boto3.client("dynamodb").get_item(TableName="other", Key={"id": {"S": "1"}})["Item"]
    item["name"] = event["body"]
    os.system(item["id"])
    os.system(item["name"])  # flow: shell body
    os.system(str(item))  # flow: shell body
# === what an object mapper finds is not what it is asked for
import os
from shop_models import Order
def handler(event, context):
    order = Order.find_one(id=event["body"])
    os.system(order.name)
    os.system(Order.describe(event["body"]))  # flow: shell body
