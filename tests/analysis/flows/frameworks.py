# === Powertools: routes, the current event, routers
import os
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import Router
app = APIGatewayHttpResolver()
router = Router()
logger = Logger()
tracer = Tracer()
@app.get("/jobs/<name>")
@tracer.capture_method
def job(name):
    os.system(name)  # flow: shell pathParameters.name
    return {"ok": True}
@router.post("/jobs")
def create():
    body = router.current_event.json_body
    os.system(body["command"])  # flow: shell body.command
    os.system(app.current_event.get_query_string_value(name="x"))  # flow: shell queryStringParameters
app.include_router(router)
@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return app.resolve(event, context)
# === Powertools: event classes
import os
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2, event_source
@event_source(data_class=APIGatewayProxyEventV2)
def handler(event: APIGatewayProxyEventV2, context):
    os.system(event.raw_path)  # flow: shell rawPath
    os.system(event.json_body["x"])  # flow: shell body.x
# === FastAPI behind Mangum
import os
from fastapi import FastAPI
from mangum import Mangum
app = FastAPI()
@app.get("/jobs/{name}")
def job(name: str, limit: int = 3):
    os.system(f"head -n {limit}")
    os.system(name)  # flow: shell pathParameters.name
handler = Mangum(app)
# === Flask behind a WSGI adapter
import os
import serverless_wsgi
from flask import Flask, request
app = Flask(__name__)
@app.route("/jobs", methods=["POST"])
def job():
    os.system(request.args.get("name"))  # flow: shell queryStringParameters.name
    os.system(request.get_json()["name"])  # flow: shell body.name
    return "ok"
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
# === sqs: records of an event class of Powertools
import os
from aws_lambda_powertools.utilities.data_classes import event_source, SQSEvent
@event_source(data_class=SQSEvent)
def handler(event, context):
    for record in event.records:
        os.system(record.json_body["file"])  # flow: shell Records[].body.file
# === sqs: a batch that is begun with with
import os
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
processor = BatchProcessor(event_type=EventType.SQS)
def work(record):
    os.system(record.body)  # flow: shell Records[].body
def handler(event, context):
    with processor(records=event["Records"], handler=work):
        processor.process()
    return processor.response()
# === sqs: a batch by a decorator
import os
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, batch_processor
def work(record):
    os.system(record["body"])  # flow: shell Records[].body
@batch_processor(record_handler=work, processor=BatchProcessor(event_type=EventType.SQS))
def handler(event, context):
    return {}
# === fastapi: the request itself
import os
from fastapi import FastAPI, Request
from mangum import Mangum
app = FastAPI()
@app.post("/c")
async def run(request: Request):
    os.system((await request.json())["command"])  # flow: shell body.command
handler = Mangum(app)
# === starlette: routes in a list
import os
from mangum import Mangum
from starlette.applications import Starlette
from starlette.routing import Route
async def run(request):
    os.system(request.path_params["name"])  # flow: shell pathParameters.name
app = Starlette(routes=[Route("/run/{name}", run)])
handler = Mangum(app)
# === a route that always raises keeps nothing from the others
import os
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)
@app.route("/broken")
def broken():
    raise NotImplementedError
@app.errorhandler(404)
def missing(error):
    os.system(request.args["command"])  # flow: shell queryStringParameters.command
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
# === what one route checks is checked on that route alone
import os
from flask import Flask, request
import serverless_wsgi
app = Flask(__name__)
@app.before_request
def known():
    if request.json["kind"] not in ("a", "b"):
        raise ValueError
@app.route("/one", methods=["POST"])
def one():
    name = request.json["name"]
    if name not in ("x", "y"):
        raise ValueError
    os.system(f"{name} {request.json['kind']}")
@app.route("/two", methods=["POST"])
def two():
    os.system(request.json["kind"])
    os.system(request.json["name"])  # flow: shell body.name
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
# === routes of Powertools that are validated are given what their types say
import os
from enum import Enum
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel
app = APIGatewayRestResolver(enable_validation=True)
class Kind(Enum):
    A = "a"
class Item(BaseModel):
    size: int
    name: str
@app.get("/a/<n>")
def one(n: int, kind: Kind, q: str):
    os.system(f"cat {n} {kind.value}")
    os.system(q)  # flow: shell queryStringParameters.q  # flow: shell body
@app.post("/b")
def two(item: Item):
    os.system(f"cat {item.size}")
    os.system(item.name)  # flow: shell body.name
def handler(event, context):
    return app.resolve(event, context)
# === bedrock-agent: an agent's parameters are a route's
import os
from aws_lambda_powertools.event_handler import BedrockAgentResolver
app = BedrockAgentResolver()
@app.get("/ping", description="ping")
def ping(host: str, times: int):
    os.system(f"ping -c {times} localhost")
    os.system("ping " + host)  # flow: shell parameters[].value  # flow: shell requestBody
def handler(event, context):
    return app.resolve(event, context)
