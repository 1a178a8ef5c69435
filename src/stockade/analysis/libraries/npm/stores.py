"""Packages of npm that ask other stores: a filter that is an object may hold operators."""

from collections.abc import Mapping

from stockade.analysis.libraries.conditions import is_text
from stockade.analysis.libraries.model import (
    Argument,
    Calls,
    Clean,
    Model,
    Returns,
    Sanitizer,
    Sink,
    Test,
    every,
)
from stockade.analysis.libraries.npm.options import holds_itself, is_under
from stockade.model import Confidence, Map

_MONGO_READS = "{find,findOne,findOneAndUpdate,findOneAndDelete,findOneAndReplace,updateOne}"
_MONGO_WRITES = "{updateMany,deleteOne,deleteMany,countDocuments,count,distinct,replaceOne,exists}"
_FILTERS = "{EqualityFilter,PresenceFilter,SubstringFilter,ApproximateFilter}"


def _writes(key: str) -> Test:
    """Test that the code writes an entry of this name into the first argument."""

    def test(arguments: Mapping[str, Argument]) -> bool:
        written = arguments.get("0")
        return isinstance(written, Map) and key in written.entries

    return test


MODELS: tuple[Model, ...] = (
    *(
        Sink("filter", name, "@0")
        for name in every(
            f"npm:mongodb.Collection.{_MONGO_READS}", f"npm:mongodb.Collection.{_MONGO_WRITES}"
        )
    ),
    *(
        Sink("query", name, "@0.$where", _writes("$where"), Confidence.MEDIUM)
        for name in every("npm:mongodb.Collection.{find,findOne}")
    ),
    *(Sink("filter", name, "@0") for name in every("npm:mongodb.Collection.aggregate")),
    # Scripts that the database runs.
    *(Sink("query", "npm:mongodb.Collection.mapReduce", place) for place in ("@0", "@1")),
    *(
        Sink("query", "npm:mongodb.Collection.group", f"@{place}", is_text(place))
        for place in (0, 3, 4)
    ),
    Sink("query", "npm:mongodb.Collection.$where", "@0"),
    Sink("query", "npm:mongodb.Db.eval", "@0"),
    # What an item is changed to: one that is the event's own map says which fields, and how.
    *(
        Sink("filter", f"npm:mongodb.Collection.{method}", "@1", holds_itself("@1"))
        for method in (
            "findByIdAndUpdate",
            "findOneAndUpdate",
            "updateOne",
            "updateMany",
            "update",
        )
    ),
    *(
        Sanitizer(name, "@0", ("filter",))
        for name in every(
            "npm:{mongo-sanitize,mongo-sanitize.sanitize,express-mongo-sanitize.sanitize}"
        )
    ),
    *(
        Returns(name, "npm:mongodb.Collection", clean=True)
        for name in every("npm:mongoose.{model,Model,connection.collection}")
    ),
    Returns("npm:mongoose.Schema", "npm:mongoose.Schema", clean=True),
    Returns("npm:mongodb.MongoClient", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.MongoClient.connect", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.Client.connect", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.Client.db", "npm:mongodb.Db", clean=True),
    Returns("npm:mongodb.Db.collection", "npm:mongodb.Collection", clean=True),
    *(Clean(name) for name in every("npm:{redis,ioredis,mongodb,mongoose,dynamoose}.*")),
    # Search: a body that is the event's own map.
    *(
        Returns(name, "npm:search.Client", clean=True)
        for name in every("npm:{@opensearch-project/opensearch,@elastic/elasticsearch}.Client")
    ),
    *(
        Sink("filter", f"npm:search.Client.{method}", argument, holds_itself(argument))
        for method in ("search", "count", "deleteByQuery", "updateByQuery", "msearch")
        for argument in ("@0", "@0.body", "@0.query", "@0.script")
    ),
    *(
        Sink("query", "npm:search.Client.search", f"@0.{way}")
        for way in ("q", "body.query.query_string.query", "query.query_string.query")
    ),
    *(
        Sink("query", "npm:search.Client.search", f"@0.{way}", is_under(0, way))
        for body in ("", "body.")
        for way in (
            f"{body}script",
            f"{body}script.source",
            f"{body}query.script.script",
            f"{body}query.script.script.source",
            f"{body}query.function_score.script_score.script",
            f"{body}query.function_score.script_score.script.source",
        )
    ),
    Clean("npm:search.Client.*"),
    # Graphs.
    Returns("npm:neo4j-driver.driver", "npm:neo4j-driver.Driver", clean=True),
    Returns("npm:neo4j-driver.Driver.session", "npm:neo4j-driver.Session", clean=True),
    Returns("npm:neo4j-driver.Session.beginTransaction", "npm:neo4j-driver.Session", clean=True),
    *(
        Calls(f"npm:neo4j-driver.Session.{method}", "@0", ("self",), "result")
        for method in ("executeRead", "executeWrite", "readTransaction", "writeTransaction")
    ),
    Sink("query", "npm:neo4j-driver.Session.run", "@0"),
    Sink("query", "npm:neo4j-driver.Driver.executeQuery", "@0"),
    Clean("npm:neo4j-driver.*"),
    Returns("npm:gremlin.driver.Client", "npm:gremlin.Client", clean=True),
    Sink("query", "npm:gremlin.Client.submit", "@0"),
    Clean("npm:gremlin.Client.*"),
    # Paths into XML documents, scripts in a cache, tables of Cassandra.
    *(Sink("query", name, "@0") for name in every("npm:xpath.{select,select1,evaluate,parse}")),
    *(
        Returns(name, "npm:redis.Client", clean=True)
        for name in every("npm:redis.{createClient,createCluster}", "npm:ioredis", "npm:ioredis.*")
    ),
    *(Sink("query", f"npm:redis.Client.{method}", "@0") for method in ("eval", "call")),
    Returns("npm:cassandra-driver.Client", "npm:cassandra-driver.Client", clean=True),
    *(
        Sink("query", f"npm:cassandra-driver.Client.{method}", "@0")
        for method in ("execute", "eachRow", "stream")
    ),
    Clean("npm:cassandra-driver.*"),
    Returns("npm:@influxdata/influxdb-client.InfluxDB().getQueryApi", "npm:influx.QueryApi"),
    *(
        Sink("query", f"npm:influx.QueryApi.{method}", "@0")
        for method in ("collectRows", "queryRows", "queryRaw", "queryLines", "iterateRows")
    ),
    # Directories.
    *(
        line
        for package in ("ldapjs", "ldapts")
        for line in (
            Returns(f"npm:{package}.Client", f"npm:{package}.Client", clean=True),
            Sink("query", f"npm:{package}.Client.search", "@1.filter"),
            Sink("query", f"npm:{package}.Client.search", "@0"),
            Clean(f"npm:{package}.Client.search"),
        )
    ),
    # A filter that is an object is sent as such, and never read as text.
    *(Sanitizer(name, "@0", ("query",)) for name in every(f"npm:{{ldapjs,ldapts}}.{_FILTERS}")),
    Returns("npm:ldapjs.createClient", "npm:ldapjs.Client", clean=True),
)
