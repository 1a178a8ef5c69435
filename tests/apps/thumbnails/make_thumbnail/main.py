import io
import os
import urllib.parse

import boto3
from PIL import Image

SIZE = (256, 256)

s3 = boto3.client("s3")


def lambda_handler(event, _):
    for record in event["Records"]:
        source = record["s3"]
        key = urllib.parse.unquote_plus(source["object"]["key"], encoding="utf-8")
        picture = io.BytesIO()
        s3.download_fileobj(source["bucket"]["name"], key, picture)
        s3.put_object(
            Bucket=os.environ["THUMBNAILS"],
            Key=f"{SIZE[0]}x{SIZE[1]}/{source['object']['eTag']}.jpg",
            Body=thumbnail(picture),
            ContentType="image/jpeg",
        )


def thumbnail(picture):
    with Image.open(picture) as image:
        image.thumbnail(SIZE)
        small = io.BytesIO()
        image.save(small, format="JPEG")
    return small.getvalue()
