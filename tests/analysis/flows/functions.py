# === parameters may have any name
import os
def main(request, _):
    os.system(request["body"])  # flow: shell body
handler = main
# === helpers, keyword arguments and defaults
import os
def run(prefix, *, command="true", quiet=False):
    os.system(prefix + command)  # flow: shell body
def handler(event, context):
    run("nice ", command=event["body"])
# === what one helper gives, another takes
import os
def fetch(event):
    return event.get("body", "")
def build(text):
    return "cat %s" % text
def handler(event, context):
    os.system(build(fetch(event)))  # flow: shell body
# === star arguments
import os
def run(*words, **options):
    os.system(" ".join(words))  # flow: shell body
    os.system(options["extra"])  # flow: shell rawPath
def handler(event, context):
    run("cat", event["body"], extra=event["rawPath"])
# === arguments that are spread
import os
def run(command, argument):
    os.system(command)
    os.system(argument)  # flow: shell body
def handler(event, context):
    run(*["ls", event["body"]])
    run(**{"command": "ls", "argument": event["body"]})
# === closures
import os
def handler(event, context):
    name = event["body"]
    def inner():
        os.system(name)  # flow: shell body
    inner()
    (lambda text: os.system(text))(name)  # flow: shell body
# === state of the module
import os
LAST = None
def keep(value):
    global LAST
    LAST = value
def handler(event, context):
    keep(event["body"])
    os.system(LAST)  # flow: shell body
# === generators
import os
def lines(text):
    for line in text.splitlines():
        yield line
    yield from ["fixed"]
def handler(event, context):
    for line in lines(event["body"]):
        os.system(line)  # flow: shell body
# === recursion ends
import os
def walk(tree):
    if isinstance(tree, dict):
        return [walk(branch) for branch in tree.values()]
    return os.system(tree)  # flow: shell body
def handler(event, context):
    walk({"a": {"b": event["body"]}})
# === async
import asyncio
import os
async def read(event):
    return event["body"]
async def main(event):
    text = await read(event)
    os.system(text)  # flow: shell body
def handler(event, context):
    asyncio.run(main(event))
# === a decorator of one's own
import functools
import os
def logged(function):
    @functools.wraps(function)
    def wrapper(event, context):
        print("called")
        return function(event, context)
    return wrapper
@logged
def handler(event, context):
    os.system(event["body"])  # flow: shell body
# === a decorator with arguments, from a library that nobody knows
import os
from middleware import guard
@guard(level=3)
@guard
def handler(event, context):
    os.system(event["body"])  # flow: shell body
# === a helper that happens to take (event, context) is not a handler
import os
def other(event, context):
    os.system(event["body"])
def handler(event, context):
    return {"statusCode": 200}
# === functions handed to others
import os
from concurrent.futures import ThreadPoolExecutor
def run(text):
    os.system(text)  # flow: shell body
def handler(event, context):
    with ThreadPoolExecutor() as pool:
        pool.submit(run, event["body"])
    list(map(run, [event["body"]]))
# === functools.partial
import functools
import os
def run(command, text):
    os.system(command)
    os.system(text)  # flow: shell body
def handler(event, context):
    functools.partial(run, "ls")(event["body"])
# === functools.partial keeps what it is given by name
import subprocess
from functools import partial
shell = partial(subprocess.run, shell=True, check=True)
quiet = partial(partial(subprocess.run, shell=True), shell=False)
def handler(event, context):
    shell("ls " + event["body"])  # flow: shell body
    quiet(["ls", event["body"]])
# === a table of functions
import os
def create(event):
    os.system(event["body"])  # flow: shell body
def remove(event):
    os.system("true")
ROUTES = {"POST": create, "DELETE": remove}
def handler(event, context):
    return ROUTES[event["httpMethod"]](event)
# === functions of the module that the event names
import os
def on_list(text):
    os.system(text)  # flow: shell body
def on_other(text):
    pass
def handler(event, context):
    globals()["on_" + event["rawPath"]](event["body"])
# === what a thread is given by name
import os
import threading
def work(text, name="a"):
    os.system(text)  # flow: shell body
    os.system(name)
def handler(event, context):
    threading.Thread(target=work, kwargs={"text": event["body"]}).start()
# === what a library finds under a key is not the key
import os
from links import Links
links = Links()
def handler(event, context):
    os.system(links.get(code=event["body"]))
    os.system(links.get(event["body"]))
    os.system(links.get("a", event["body"]))  # flow: shell body
    os.system(links.make(event["body"]))  # flow: shell body
