"""The routes."""

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, NotFoundError
from aws_lambda_powertools.logging import correlation_paths

from . import store

logger = Logger()
tracer = Tracer()
app = APIGatewayRestResolver()


@app.get("/todos")
def list_todos():
    return {"todos": store.todos_of(user())}


@app.post("/todos")
def add_todo():
    title = app.current_event.json_body.get("title")
    if not isinstance(title, str) or not 0 < len(title) <= 200:
        raise BadRequestError("title must have 1 to 200 characters")
    return store.add(user(), title), 201


@app.get("/todos/<todo_id>")
def get_todo(todo_id: str):
    todo = store.todo(user(), todo_id)
    if todo is None:
        raise NotFoundError("no such to-do")
    return todo


@app.delete("/todos/<todo_id>")
def remove_todo(todo_id: str):
    store.remove(user(), todo_id)
    return {}, 204


def user():
    return app.current_event.request_context.authorizer.claims["sub"]


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler
def handler(event, context):
    return app.resolve(event, context)
