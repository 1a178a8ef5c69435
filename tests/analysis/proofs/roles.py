# === staff: a function gives the refusal of those without the role, or nothing
import json, jwt, os
def claims(event):
    return jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
def refused(event):
    if "admins" not in claims(event).get("groups", []):
        return {"statusCode": 403, "body": "Admin access required"}
    return None
def handler(event, context):
    denied = refused(event)
    if denied:
        return denied
    os.system(event["body"])

# === signed_in: a function gives the refusal of those it does not know, or nothing
import jwt, os
def refused(event):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return {"statusCode": 401}
    return None
def handler(event, context):
    denied = refused(event)
    if denied is not None:
        return denied
    os.system(event["body"])

# === anyone: what the function gives is logged and the work goes on
import jwt, os
def refused(event):
    try:
        jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return {"statusCode": 401}
    return None
def handler(event, context):
    denied = refused(event)
    if denied:
        print(denied)
    os.system(event["body"])

# === anyone: whoever calls names their own role
import os
def handler(event, context):
    if event["headers"].get("role") != "admin":
        return {"statusCode": 403}
    os.system(event["body"])

# === signed_in: everyone has the role
import jwt, os
def handler(event, context):
    user = jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    if user["role"] != "customer":
        return {"statusCode": 403}
    os.system(event["body"])

# === signed_in: one of the roles is everyone's
import jwt, os
def handler(event, context):
    user = jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    if user["role"] not in ("admin", "owner"):
        return {"statusCode": 403}
    os.system(event["body"])

# === signed_in: the role is asked for on one of two ways
import jwt, os
def handler(event, context):
    user = jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    if event["body"]:
        if not user["is_admin"]:
            return {"statusCode": 403}
    os.system(event["body"])

# === staff: the application's people have addresses of its domain
import jwt, os
def handler(event, context):
    user = jwt.decode(event["headers"]["authorization"], os.environ["TOKEN_SECRET"], algorithms=["HS256"])
    if not user["email"].endswith("@example.org"):
        raise PermissionError("Forbidden")
    os.system(event["body"])
