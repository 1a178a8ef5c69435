from stock import database


def handler(event, context):
    rows = database.select(["stock"], "stock > 0")
    print(sum(row["stock"] for row in rows), "pieces in stock")
