# === signed_in: a token is verified
import jwt, os
def handler(event, context):
    token = event["headers"]["authorization"]
    jwt.decode(token, os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    os.system(event["body"])

# === signed_in: whoever fails is refused
import jwt, os
def handler(event, context):
    try:
        claims = jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: whoever fails goes on
import jwt, os
def handler(event, context):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        print("no")
    os.system(event["body"])

# === anyone: the check is switched off
import jwt, os
def handler(event, context):
    jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"], options={"verify_signature": False})
    os.system(event["body"])

# === anyone: the check comes after
import jwt, os
def handler(event, context):
    os.system(event["body"])
    jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])

# === anyone: one way goes past the check
import jwt, os
def handler(event, context):
    if event["headers"].get("authorization"):
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    os.system(event["body"])

# === signed_in: a function says whether the token is valid
import jwt, os
def is_valid(event):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
        return True
    except jwt.InvalidTokenError:
        return False
def handler(event, context):
    if not is_valid(event):
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: nobody looks at what the function says
import jwt, os
def is_valid(event):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
        return True
    except jwt.InvalidTokenError:
        return False
def handler(event, context):
    is_valid(event)
    os.system(event["body"])

# === anyone: the same code is called with and without a check
import jwt, os
def run(event):
    os.system(event["body"])
def handler(event, context):
    if event["rawPath"] == "/in":
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
        run(event)
    else:
        run(event)

# === signed_in: a decorator verifies
import jwt, os, functools
def signed_in(function):
    @functools.wraps(function)
    def wrapper(event, context):
        try:
            jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
        except Exception:
            return {"statusCode": 401}
        return function(event, context)
    return wrapper
@signed_in
def handler(event, context):
    os.system(event["body"])

# === signed_in: a signature is compared with one's own
import hashlib, hmac, os
def handler(event, context):
    mine = "sha256=" + hmac.new(os.environ["TOKEN_SECRET"].encode(), event["body"].encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(mine, event["headers"]["x-hub-signature-256"]):
        return {"statusCode": 401}
    os.system(event["body"])

# === signed_in: the signature is compared in an ordinary way
import hashlib, hmac, os
def handler(event, context):
    mine = hmac.new(os.environ["TOKEN_SECRET"].encode(), event["body"].encode(), hashlib.sha256).hexdigest()
    if f"v0={mine}" != event["headers"]["x-slack-signature"]:
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: the result is unused
import hashlib, hmac, os
def handler(event, context):
    mine = hmac.new(os.environ["TOKEN_SECRET"].encode(), event["body"].encode(), hashlib.sha256).hexdigest()
    hmac.compare_digest(mine, event["headers"]["x-signature"])
    os.system(event["body"])

# === signed_in: a header is compared with a secret
import os
def handler(event, context):
    if event["headers"].get("x-api-key") != os.environ["TOKEN_SECRET"]:
        return {"statusCode": 403}
    os.system(event["body"])

# === anyone: a header is compared with what is no secret
import os
def handler(event, context):
    if event["headers"].get("origin") != os.environ["ORIGIN"]:
        return {"statusCode": 403}
    os.system(event["body"])

# === anyone: the caller chooses the variable that is compared
import os
def handler(event, context):
    if event["headers"].get("x-api-key") != os.environ[event["headers"]["which"]]:
        return {"statusCode": 403}
    os.system(event["body"])

# === signed_in: a webhook of stripe
import os, stripe
def handler(event, context):
    stripe.Webhook.construct_event(event["body"], event["headers"]["stripe-signature"], os.environ["TOKEN_SECRET"])
    os.system(event["body"])

# === signed_in: a request of Slack
import os
from slack_sdk.signature import SignatureVerifier
verifier = SignatureVerifier(os.environ["TOKEN_SECRET"])
def handler(event, context):
    if not verifier.is_valid_request(event["body"], event["headers"]):
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: the caller chooses the variable, compared in constant time
import hmac, os
def handler(event, context):
    if not hmac.compare_digest(os.environ[event["headers"]["which"]], event["headers"]["x-api-key"]):
        return {"statusCode": 403}
    os.system(event["body"])

# === signed_in: a helper gives nothing for a token that is not valid
import jwt, os
def claims_of(token):
    try:
        return jwt.decode(token, os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    except Exception:
        return None
def user_of(event):
    header = event["headers"].get("authorization", "")
    if not header.startswith("Bearer "):
        return None
    claims = claims_of(header[7:])
    if not claims:
        return None
    return claims.get("sub")
def handler(event, context):
    user = user_of(event)
    if not user:
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: a helper gives what an unchecked token says
import jwt, os
def user_of(event):
    try:
        return jwt.decode(event["headers"]["authorization"], options={"verify_signature": False})["sub"]
    except Exception:
        return None
def handler(event, context):
    user = user_of(event)
    if not user:
        return {"statusCode": 401}
    os.system(event["body"])

# === anyone: whoever shows no token names a user
import json, jwt, os
def user_of(event):
    try:
        return jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])["sub"]
    except Exception:
        return None
def handler(event, context):
    user = user_of(event) or json.loads(event["body"]).get("user")
    if not user:
        return {"statusCode": 401}
    os.system(event["body"])

# === signed_in: a code that was sent is compared with the one that was kept
import json, os, boto3
users = boto3.resource("dynamodb").Table("Users")
def handler(event, context):
    body = json.loads(event["body"])
    user = users.get_item(Key={"email": body["email"]})["Item"]
    stored = user.get("otp", "")
    if not stored or stored != body.get("otp", "").strip():
        return {"statusCode": 400, "body": "Invalid OTP."}
    os.system(body["name"])

# === anyone: a code is only asked to be one of a list
import json, os
CODES = ["A", "B"]
def handler(event, context):
    body = json.loads(event["body"])
    if body["code"] not in CODES:
        return {"statusCode": 400, "body": "Invalid code"}
    os.system(body["name"])
