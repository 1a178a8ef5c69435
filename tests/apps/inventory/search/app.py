from stock import database
from stock.web import answer

COLUMNS = ["number", "name", "stock"]


def handler(event, context):
    query = event.get("queryStringParameters") or {}
    where = f"name LIKE '%{query.get('name', '')}%'"
    if query.get("available"):
        where += " AND stock > 0"
    return answer(database.select(COLUMNS, where))
