"""Packages of npm that functions use: requests, databases, documents, tokens, checks."""

from stockade.analysis.facts import OriginKind
from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    has_entry,
    is_text,
    text_of,
    truth,
)
from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Decorates,
    Guard,
    Model,
    Noted,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    Source,
    Test,
    every,
)
from stockade.model import Confidence, Map

_SQL = "sql"
_VERBS = "{get,delete,head,options,post,put,patch}"
_POWERTOOLS = "npm:@aws-lambda-powertools"
_LEVELS = "{debug,info,warn,error,critical,trace,fatal,silly,verbose,log,http}"
_CHARACTERS = ("shell", "path", "page", "template", "sql", "query", "object-key", "header")
_MONGO_READS = "{find,findOne,findOneAndUpdate,findOneAndDelete,findOneAndReplace,updateOne}"
_MONGO_WRITES = "{updateMany,deleteOne,deleteMany,countDocuments,count,distinct,replaceOne,exists}"


def _option(position: int, key: str) -> Test:
    """Test that an entry of an object of options is true."""

    def test(arguments: Arguments) -> bool | None:
        options = given(arguments, "", position)
        if options is None:
            return False
        return truth(options.get(key), unset=False) if isinstance(options, Map) else None

    return test


def _library(arguments: Arguments) -> bool | None:
    """Tell whether `libxmljs` is told to put in entities."""
    return _option(1, "noent")(arguments)


def _old_loader(arguments: Arguments) -> bool | None:
    """Tell whether `js-yaml` is told to make functions and other objects."""
    options = given(arguments, "", 1)
    schema = options.get("schema") if isinstance(options, Map) else None
    text = text_of(schema)
    return None if schema is not None and text is None else False


MODELS: tuple[Model, ...] = (
    # Requests.
    *(
        Clean(name)
        for name in every(
            "npm:{axios,got,node-fetch,undici,superagent,request,request-promise,needle}.*",
            "npm:{ky,cross-fetch,isomorphic-fetch,bent,phin}.*",
        )
    ),
    *(
        line
        for name in every(
            "npm:{axios,got,ky,needle,superagent,request,request-promise}." + _VERBS,
            "npm:{got,node-fetch,axios,ky,cross-fetch,isomorphic-fetch,request,request-promise}",
            "npm:undici.{fetch,request,stream}",
            "npm:node-fetch.fetch",
            "npm:needle",
        )
        for line in (
            Sink("host", name, "@0", is_text(0)),
            Sink("host", name, "@0.url", has_entry(0, "url")),
            Sink("host", name, "@0.uri", has_entry(0, "uri")),
            Sink("host", name, "@0.baseURL", has_entry(0, "baseURL")),
            Clean(name),
        )
    ),
    *(
        line
        for name in every("npm:axios.{request,create}")
        for line in (
            Sink("host", name, "@0.url", has_entry(0, "url")),
            Sink("host", name, "@0.baseURL", has_entry(0, "baseURL")),
        )
    ),
    Returns("npm:axios.create", "npm:axios", clean=True),
    Returns("npm:axios.default.create", "npm:axios", clean=True),
    # SQL drivers. Parameters beside a statement are safe.
    *(
        line
        for package in every("npm:{mysql,mysql2,mysql2/promise,promise-mysql,serverless-mysql}")
        for line in (
            *(
                Returns(name, f"{package}.Connection", clean=True)
                for name in every(f"{package}.{{createConnection,createPool,createPoolCluster}}")
            ),
            Returns(f"{package}.Connection.getConnection", f"{package}.Connection", clean=True),
            Returns(f"{package}.Connection.promise", f"{package}.Connection", clean=True),
            Returns(package, f"{package}.Connection", clean=True),
            *(
                part
                for name in every(f"{package}.Connection.{{query,execute}}")
                for part in (
                    Sink(_SQL, name, "@0", is_text(0)),
                    Sink(_SQL, name, "@0.sql", has_entry(0, "sql")),
                    Clean(name),
                )
            ),
            *(
                Sanitizer(name, "*", (_SQL,))
                for name in every(
                    f"{package}.{{escape,escapeId,format}}",
                    f"{package}.Connection.{{escape,escapeId,format}}",
                )
            ),
            Clean(f"{package}.Connection.*"),
        )
    ),
    *(
        line
        for package in every("npm:{pg,pg-pool,serverless-postgres,@neondatabase/serverless}")
        for line in (
            *(
                Returns(name, "npm:pg.Client", clean=True)
                for name in every(f"{package}.{{Client,Pool,native.Client}}", package)
            ),
            Returns(f"{package}.Pool", "npm:pg.Client", clean=True),
        )
    ),
    Returns("npm:pg.Client.connect", "npm:pg.Client", clean=True),
    *(
        line
        for name in every("npm:pg.Client.query")
        for line in (
            Sink(_SQL, name, "@0", is_text(0)),
            Sink(_SQL, name, "@0.text", has_entry(0, "text")),
            Clean(name),
        )
    ),
    *(
        Sanitizer(name, "@0", (_SQL,))
        for name in every("npm:pg.Client.{escapeLiteral,escapeIdentifier}", "npm:pg-escape")
    ),
    *(
        Sanitizer(name, "*", (_SQL,))
        for name in every("npm:pg-format", "npm:pg-format.{literal,ident}", "npm:sqlstring.*")
    ),
    Clean("npm:pg.Client.*"),
    *(Returns(name, "npm:sqlite3.Database", clean=True) for name in every("npm:sqlite3.Database")),
    *(
        Returns(name, "npm:better-sqlite3.Database", clean=True)
        for name in every("npm:better-sqlite3", "node:sqlite.DatabaseSync")
    ),
    *(
        line
        for name in every(
            "npm:sqlite3.Database.{run,get,all,each,exec,prepare}",
            "npm:better-sqlite3.Database.{prepare,exec}",
        )
        for line in (Sink(_SQL, name, "@0"), Clean(name))
    ),
    Returns("npm:knex", "npm:knex.Knex", clean=True),
    *(
        Sink(_SQL, name, "@0")
        for name in every(
            "npm:knex.Knex.{raw,whereRaw,orderByRaw,havingRaw,groupByRaw,joinRaw,selectRaw}",
            "npm:sequelize.Sequelize.query",
            "npm:sequelize.{literal,Sequelize.literal}",
            "npm:typeorm.DataSource.query",
            "npm:@prisma/client.PrismaClient.{$queryRawUnsafe,$executeRawUnsafe}",
            "npm:mssql.Request.{query,batch}",
            "npm:mssql.query",
            "npm:tedious.Request",
            "npm:data-api-client.Client.query",
            "npm:oracledb.Connection.execute",
        )
    ),
    Returns("npm:sequelize.Sequelize", "npm:sequelize.Sequelize", clean=True),
    Returns("npm:sequelize", "npm:sequelize.Sequelize", clean=True),
    Returns("npm:typeorm.DataSource", "npm:typeorm.DataSource", clean=True),
    *(
        Returns(name, "npm:typeorm.DataSource", clean=True)
        for name in every(
            "npm:typeorm.{createConnection,getConnection,getManager,getRepository}",
            "npm:typeorm.DataSource.{getRepository,createQueryRunner}",
        )
    ),
    Returns("npm:@prisma/client.PrismaClient", "npm:@prisma/client.PrismaClient", clean=True),
    Returns("npm:data-api-client", "npm:data-api-client.Client", clean=True),
    *(Returns(name, "npm:oracledb.Connection") for name in every("npm:oracledb.getConnection")),
    # Rows were not written by this event.
    *(
        Clean(name)
        for name in every(
            "npm:{knex,sequelize,typeorm,@prisma/client,mssql,sqlite3,better-sqlite3}.*",
            "npm:{redis,ioredis,mongodb,mongoose,dynamoose,data-api-client,oracledb}.*",
        )
    ),
    # Other stores: a filter that is an object may hold operators.
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
    *(
        Sink("query", name, argument)
        for name in every("npm:ldapjs.Client.search")
        for argument in ("@1.filter", "@0")
    ),
    Returns("npm:ldapjs.createClient", "npm:ldapjs.Client", clean=True),
    # Documents: templates made from text.
    *(
        Sink("template", name, "@0")
        for name in every(
            "npm:ejs.{render,compile}",
            "npm:handlebars.{compile,precompile}",
            "npm:pug.{render,compile}",
            "npm:nunjucks.{renderString,compile}",
            "npm:lodash.template",
            "npm:{lodash/template,lodash.template}",
            "npm:underscore.template",
            "npm:doT.template",
            "npm:dot.template",
        )
    ),
    *(
        Sanitizer(name, "@1", ("page",))
        for name in every("npm:mustache.render", "npm:ejs.{render,renderFile}", "npm:pug.render")
    ),
    *(
        Sanitizer(name, "@0", ("page",))
        for name in every(
            "npm:{escape-html,he.encode,he.escape,html-entities.encode,sanitize-html,xss}",
            "npm:{lodash.escape,lodash/escape,validator.escape,entities.escape,html-escaper.escape}",
            "npm:{dompurify,isomorphic-dompurify}.sanitize",
            "npm:underscore.escape",
        )
    ),
    # XML: entities are put in only where the parser is told so.
    *(
        Sink("xml", name, "@0", _library)
        for name in every(
            "npm:{libxmljs,libxmljs2}.{parseXml,parseXmlString,parseXmlAsync}",
        )
    ),
    # Objects from text.
    *(
        Sink("unpickle", name, "@0")
        for name in every(
            "npm:node-serialize.unserialize", "npm:serialize-to-js.deserialize", "npm:cryo.parse"
        )
    ),
    Sink("unpickle", "npm:js-yaml.load", "@0", _old_loader, Confidence.LOW),
    *(Passes(name, "@0", "result") for name in every("npm:js-yaml.{load,safeLoad,loadAll}")),
    # Tokens and passwords.
    *(
        Noted(name)
        for name in every(
            "npm:jsonwebtoken.{verify,decode,sign}",
            "npm:jose.{jwtVerify,decodeJwt,SignJWT}",
            "npm:{bcrypt,bcryptjs}.{compare,compareSync,hash,hashSync}",
            "npm:argon2.{hash,verify}",
            "npm:aws-jwt-verify.Verifier.verify",
            "npm:jwt-decode",
            "npm:jwt-decode.jwtDecode",
            "npm:stripe.Stripe.webhooks.{constructEvent,constructEventAsync}",
            "npm:discord-interactions.verifyKey",
            "npm:twilio.validateRequest",
            "npm:tweetnacl.sign.detached.verify",
            "npm:@octokit/webhooks-methods.verify",
        )
    ),
    *(
        Clean(name)
        for name in every(
            "npm:{bcrypt,bcryptjs}.*",
            "npm:argon2.*",
            "npm:jsonwebtoken.verify",
            "npm:jose.jwtVerify",
            "npm:aws-jwt-verify.Verifier.*",
            "npm:{uuid,nanoid,ulid,cuid,shortid,ksuid}.*",
            "npm:{uuid,nanoid,ulid,cuid,shortid}",
            "npm:{moment,dayjs,luxon,date-fns,ms}.*",
            "npm:{moment,dayjs,luxon,date-fns,ms}",
        )
    ),
    *(
        Returns(name, "npm:stripe.Stripe", clean=True)
        for name in every("npm:{stripe,stripe.Stripe}")
    ),
    Passes("npm:jsonwebtoken.sign", "@0", "result"),
    Returns("npm:aws-jwt-verify.CognitoJwtVerifier.create", "npm:aws-jwt-verify.Verifier"),
    Returns("npm:aws-jwt-verify.JwtRsaVerifier.create", "npm:aws-jwt-verify.Verifier"),
    # Checks.
    *(
        Guard(name, "@0", _CHARACTERS)
        for name in every(
            "npm:validator.{isAlphanumeric,isAlpha,isUUID,isInt,isNumeric,isHexadecimal}",
            "npm:validator.{isMongoId,isDate,isISO8601,isSlug,isIP,isDecimal,isBoolean}",
            "npm:{uuid.validate,is-uuid.v4}",
        )
    ),
    # Logs. Powertools' loggers are described with those of other languages.
    Returns(f"{_POWERTOOLS}/logger.Logger", "logging.Logger", clean=True),
    *(
        Returns(name, "npm:logger.Logger", clean=True)
        for name in every(
            "npm:{pino,winston.createLogger,bunyan.createLogger,lambda-log,loglevel.getLogger}",
            "npm:logger.Logger.{child,withContext}",
        )
    ),
    *(
        line
        for name in every(f"npm:{{logger.Logger,winston,loglevel,lambda-log}}.{_LEVELS}")
        for line in (Sink("log", name, "*"), Clean(name))
    ),
    # Secrets by Powertools.
    *(
        Source(name, OriginKind.SECRET, "{@0}")
        for name in every(f"{_POWERTOOLS}/parameters/secrets.getSecret")
    ),
    *(
        Source(name, OriginKind.SECRET, "{@0}", _option(1, "decrypt"))
        for name in every(f"{_POWERTOOLS}/parameters/ssm.{{getParameter,getParameters}}")
    ),
    # Functions that call what they are given.
    Calls(f"{_POWERTOOLS}/batch.processPartialResponse", "@1", ("items of @0.Records",)),
    Calls(f"{_POWERTOOLS}/batch.processPartialResponseSync", "@1", ("items of @0.Records",)),
    *(
        Calls(name, "@1", ("items of @0",), "items")
        for name in every("npm:bluebird.{map,each,mapSeries}", "npm:lodash.{map,flatMap}")
    ),
    *(
        Calls(name, "@1", ("items of @0",))
        for name in every("npm:lodash.{forEach,each}", "npm:async.{each,eachSeries,forEach}")
    ),
    *(
        Decorates(name)
        for name in every(
            f"{_POWERTOOLS}/idempotency.makeIdempotent",
            "npm:@sentry/serverless.AWSLambda.wrapHandler",
            "npm:@sentry/aws-serverless.wrapHandler",
            "npm:datadog-lambda-js.datadog",
            "npm:@dazn/lambda-powertools-pattern-basic",
            "npm:source-map-support.install",
            "npm:aws-embedded-metrics.metricScope",
        )
    ),
)
