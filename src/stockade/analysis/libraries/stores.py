"""Stores with a query language other than SQL: documents, search, graphs, directories."""

from stockade.analysis.libraries.conditions import is_itself
from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Members,
    Model,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    every,
)

_COLLECTION = "pymongo.Collection"
_FILTERED = (
    "{find,find_one,count_documents,delete_one,delete_many,update_one,update_many,replace_one}",
    "{find_one_and_update,find_one_and_delete,find_one_and_replace}",
)
_CLIENTS = (
    "pymongo.{MongoClient,mongo_client.MongoClient,AsyncMongoClient}",
    "motor.motor_asyncio.AsyncIOMotorClient",
)
_SEARCH = (
    "elasticsearch.{Elasticsearch,AsyncElasticsearch}",
    "opensearchpy.{OpenSearch,AsyncOpenSearch}",
)
_GRAPHS = ("neo4j.{Session,Transaction,ManagedTransaction}",)

MODELS: tuple[Model, ...] = (
    # MongoDB. A filter that holds a text is safe; one that is the event's own map may hold
    # operators: {"password": {"$ne": null}}.
    *(Returns(name, "pymongo.MongoClient", clean=True) for name in every(*_CLIENTS)),
    Returns("pymongo.MongoClient.get_database", "pymongo.Database", clean=True),
    Returns("pymongo.MongoClient.get_default_database", "pymongo.Database", clean=True),
    Returns("pymongo.Database.get_collection", _COLLECTION, clean=True),
    Members("pymongo.MongoClient", _COLLECTION),
    Members("pymongo.Database", _COLLECTION),
    *(
        Sink("filter", name, "filter@0")
        for name in every(*(f"{_COLLECTION}.{methods}" for methods in _FILTERED))
    ),
    *(
        Sink("filter", name, "pipeline@0")
        for name in every(f"{_COLLECTION}.{{aggregate,aggregate_raw_batches}}")
    ),
    *(
        Sink("filter", name, "update@1", is_itself("update", 1))
        for name in every(f"{_COLLECTION}.{{update_one,update_many,find_one_and_update}}")
    ),
    Sink("filter", "pymongo.Database.command", "command@0"),
    *(
        Sink("query", name, "filter@0.$where")
        for name in every(*(f"{_COLLECTION}.{methods}" for methods in _FILTERED))
    ),
    Sink("query", "bson.code.Code", "code@0"),
    Sink("query", "bson.Code", "code@0"),
    Clean("pymongo.*"),
    Clean("bson.ObjectId"),
    Clean("bson.objectid.ObjectId"),
    # Search.
    *(Returns(name, "search.Client", clean=True) for name in every(*_SEARCH)),
    *(
        Sink("filter", name, argument, is_itself(argument))
        for name in every("search.Client.{search,count,delete_by_query,update_by_query,msearch}")
        for argument in ("body", "query", "script")
    ),
    *(Sink("query", name, "script@0") for name in every("search.Client.scripts_painless_execute")),
    *(
        Sink("query", name, "body.query.query_string.query")
        for name in every("search.Client.search")
    ),
    *(Sink("query", name, "query.query_string.query") for name in every("search.Client.search")),
    Sink("query", "search.Client.search", "q"),
    Clean("search.Client.*"),
    # Graphs.
    *(
        Returns(name, "neo4j.Driver", clean=True)
        for name in every("neo4j.{GraphDatabase,AsyncGraphDatabase}.driver")
    ),
    Returns("neo4j.Driver.session", "neo4j.Session", clean=True),
    Returns("neo4j.Session.begin_transaction", "neo4j.Transaction", clean=True),
    *(Sink("query", f"{name}.run", "query@0") for name in every(*_GRAPHS)),
    Sink("query", "neo4j.Driver.execute_query", "query_@0"),
    # The work that is handed over is given a transaction, which runs queries as a session does.
    *(
        Calls(name, "@0", ("self", "@1", "@2", "@3"), "result")
        for name in every(
            "neo4j.Session.{execute_read,execute_write,read_transaction,write_transaction}"
        )
    ),
    Clean("neo4j.*"),
    Returns("py2neo.Graph", "py2neo.Graph", clean=True),
    *(Sink("query", name, "@0") for name in every("py2neo.Graph.{run,evaluate,query}")),
    Returns("gremlin_python.driver.client.Client", "gremlin_python.Client", clean=True),
    *(
        Sink("query", name, "message@0")
        for name in every("gremlin_python.Client.{submit,submit_async}")
    ),
    # Scripts in a cache.
    *(
        Returns(name, "redis.Redis", clean=True)
        for name in every("redis.{Redis,StrictRedis,from_url,cluster.RedisCluster}")
    ),
    Sink("query", "redis.Redis.eval", "script@0"),
    Sink("query", "redis.Redis.register_script", "script@0"),
    Sink("query", "redis.Redis.execute_command", "@0"),
    Clean("redis.Redis.*"),
    # Directories.
    Returns("ldap3.Connection", "ldap3.Connection", clean=True),
    Sink("query", "ldap3.Connection.search", "search_filter@1"),
    Sink("query", "ldap3.Connection.search", "search_base@0"),
    Sink("query", "ldap3.Connection.extend.standard.paged_search", "search_filter@1"),
    *(
        Sanitizer(name, "@0", ("query",))
        for name in every(
            "ldap3.utils.conv.escape_filter_chars",
            "ldap3.utils.dn.escape_rdn",
            "ldap.filter.escape_filter_chars",
            "ldap.dn.escape_dn_chars",
        )
    ),
    Passes("ldap.filter.filter_format", "@0", "result"),
    Returns("ldap.initialize", "ldap.Connection", clean=True),
    *(
        Sink("query", name, "@2")
        for name in every("ldap.Connection.{search,search_s,search_st,search_ext,search_ext_s}")
    ),
    Clean("ldap3.Connection.*"),
    Clean("ldap.Connection.*"),
    # Paths into XML documents.
    *(Sink("query", name, "@0") for name in every("lxml.etree.{XPath,ETXPath}")),
    *(
        Sink("query", f"{document}{method}", "@0")
        for document in every(
            "lxml.etree.{parse,fromstring,XML,HTML,ElementTree}()",
            "lxml.{html,objectify}.{parse,fromstring,document_fromstring}()",
        )
        for method in (".xpath", ".getroot().xpath")
    ),
    *(
        Sink("query", f"{document}{method}", "@0")
        for document in every("xml.etree.ElementTree.{parse,fromstring,XML}()")
        for way in ("", ".getroot()")
        for method in every(way + ".{find,findall,findtext,iterfind}")
    ),
    # Other languages of queries.
    Returns("influxdb_client.InfluxDBClient", "influxdb_client.InfluxDBClient", clean=True),
    Returns("influxdb_client.InfluxDBClient.query_api", "influxdb_client.QueryApi", clean=True),
    *(
        Sink("query", name, "query@0")
        for name in every(
            "influxdb_client.QueryApi.{query,query_stream,query_csv,query_data_frame,query_raw}"
        )
    ),
    Clean("influxdb_client.*"),
    Returns("cassandra.cluster.Cluster", "cassandra.cluster.Cluster", clean=True),
    Returns("cassandra.cluster.Cluster.connect", "cassandra.cluster.Session", clean=True),
    *(
        Sink("query", name, "query@0")
        for name in every("cassandra.cluster.Session.{execute,execute_async,prepare}")
    ),
    Clean("cassandra.*"),
    # A model of the application's own that takes a filter as it is.
    Sink("filter", "mongoengine.Document.objects", "__raw__"),
    Sink("query", "mongoengine.Document.objects.exec_js", "code@0"),
)
