from stock import database
from stock.web import answer

COLUMNS = ["number", "name", "description", "stock"]


def handler(event, context):
    number = {"name": "number", "value": {"stringValue": event["pathParameters"]["number"]}}
    found = database.select(COLUMNS, "number = :number", [number])
    return answer(found[0]) if found else answer({"error": "no such product"}, 404)
