# === attributes
import os
class Job:
    def __init__(self, name):
        self.name = name
        self.kind = "pdf"
    def run(self):
        os.system(self.kind)
        os.system(self.name)  # flow: shell body
def handler(event, context):
    Job(event["body"]).run()
# === properties, static and class methods
import os
class Job:
    def __init__(self, event):
        self.event = event
    @classmethod
    def of(cls, event):
        return cls(event)
    @property
    def name(self):
        return self.event["body"]
    @staticmethod
    def run(command):
        os.system(command)  # flow: shell body
def handler(event, context):
    job = Job.of(event)
    Job.run(job.name)
# === inheritance and super
import os
class Base:
    def __init__(self, text):
        self.text = text
    def command(self):
        return "true"
    def run(self):
        os.system(self.command())  # flow: shell body
class Child(Base):
    def __init__(self, text):
        super().__init__(text)
    def command(self):
        return "cat " + self.text
def handler(event, context):
    Child(event["body"]).run()
    Base(event["body"]).run()
# === a handler that is a method of an object
import os
class Service:
    def handle(self, event, context):
        os.system(event["body"])  # flow: shell body
handler = Service().handle
# === an object that is called
import os
class Service:
    def __call__(self, event, context):
        os.system(event["body"])  # flow: shell body
handler = Service()
# === dataclasses and named tuples
import os
from collections import namedtuple
from dataclasses import dataclass
Pair = namedtuple("Pair", ["left", "right"])
@dataclass
class Job:
    kind: str
    name: str = ""
def handler(event, context):
    job = Job("pdf", name=event["body"])
    os.system(job.kind)
    os.system(job.name)  # flow: shell body
    pair = Pair("x", event["body"])
    os.system(pair.left)
    os.system(pair.right)  # flow: shell body
# === a context manager of one's own
import os
class Work:
    def __init__(self, name):
        self.name = name
    def __enter__(self):
        return self.name
    def __exit__(self, *error):
        return False
def handler(event, context):
    with Work(event["body"]) as name:
        os.system(name)  # flow: shell body
# === fields of a dataclass are filled in their order
import os
from dataclasses import dataclass
@dataclass
class Job:
    kind: str
    name: str
    limit: int = 3
def handler(event, context):
    job = Job("pdf", event["body"])
    os.system(job.kind)
    os.system(job.name)  # flow: shell body
# === a model turns numbers into numbers, texts stay what they are
import json
import os
from pydantic import BaseModel
class Job(BaseModel):
    count: int
    name: str
def handler(event, context):
    one = Job(**json.loads(event["body"]))
    os.system(f"head -n {one.count}")
    os.system(one.name)  # flow: shell body.name
    two = Job.model_validate_json(event["body"])
    os.system(f"head -n {two.count}")
    os.system(two.name)  # flow: shell body.name
    os.system(two.model_dump()["name"])  # flow: shell body.name
# === a method that the event names
import os
class Api:
    def post(self, event):
        os.system(event["body"])  # flow: shell body
    def get(self, event):
        return 1
def handler(event, context):
    return getattr(Api(), event["queryStringParameters"]["method"])(event)
# === an object of a library that is filled
import os
from http.cookies import SimpleCookie
def handler(event, context):
    cookies = SimpleCookie()
    cookies.load(event["headers"]["cookie"])
    os.system(cookies["name"].value)  # flow: shell headers.cookie
# === what a spread map holds under a method's name is none
from dataclasses import dataclass, field
import os
@dataclass
class Job:
    name: str
    more: dict = field(default_factory=dict)
    @property
    def command(self):
        return "ls"
    @property
    def whole(self):
        return "ls " + self.name  # the flow is where it is run
def handler(event, context):
    job = Job(**event["queryStringParameters"])
    os.system(job.command)
    os.system(job.whole)  # flow: shell queryStringParameters.name
# === what is put under unknown names is no method of the class
import os
class Task:
    def __init__(self, **given):
        for name, value in given.items():
            setattr(self, name, value)
    def run(self):
        os.system(self.build())
    def build(self):
        return "ls"
class Named(Task):
    def build(self):
        return "ls " + self.name
class Run(Named):
    def run(self):
        os.system(self.build())  # flow: shell queryStringParameters[]
def handler(event, context):
    Task(**event["queryStringParameters"]).run()
    Run(**event["queryStringParameters"]).run()
