"""Packages of npm that ask other stores: a filter that is an object may hold operators."""

from stockade.analysis.libraries.model import Clean, Model, Returns, Sanitizer, Sink, every
from stockade.model import Confidence

_MONGO_READS = "{find,findOne,findOneAndUpdate,findOneAndDelete,findOneAndReplace,updateOne}"
_MONGO_WRITES = "{updateMany,deleteOne,deleteMany,countDocuments,count,distinct,replaceOne,exists}"
_FILTERS = "{EqualityFilter,PresenceFilter,SubstringFilter,ApproximateFilter}"

MODELS: tuple[Model, ...] = (
    *(
        Sink("filter", name, "@0")
        for name in every(
            f"npm:mongodb.Collection.{_MONGO_READS}", f"npm:mongodb.Collection.{_MONGO_WRITES}"
        )
    ),
    *(
        Sink("query", name, "@0.$where", confidence=Confidence.MEDIUM)
        for name in every("npm:mongodb.Collection.{find,findOne}")
    ),
    Returns("npm:mongoose.model", "npm:mongodb.Collection", clean=True),
    Returns("npm:mongodb.MongoClient", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.MongoClient.connect", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.Client.connect", "npm:mongodb.Client", clean=True),
    Returns("npm:mongodb.Client.db", "npm:mongodb.Db", clean=True),
    Returns("npm:mongodb.Db.collection", "npm:mongodb.Collection", clean=True),
    *(Clean(name) for name in every("npm:{redis,ioredis,mongodb,mongoose,dynamoose}.*")),
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
