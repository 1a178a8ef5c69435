"""Packages of npm that run SQL. Parameters beside a statement are safe."""

from stockade.analysis.libraries.conditions import has_entry, is_text
from stockade.analysis.libraries.model import (
    Calls,
    Clean,
    Model,
    Returns,
    Sanitizer,
    Sink,
    every,
)

_SQL = "sql"
_MYSQL = "npm:{mysql,mysql2,mysql2/promise,promise-mysql,serverless-mysql,mariadb}"
_POSTGRES = "npm:{pg,pg-pool,serverless-postgres,@neondatabase/serverless,@vercel/postgres}"
_KNEX = "{raw,whereRaw,orWhereRaw,andWhereRaw,orderByRaw,havingRaw,groupByRaw,joinRaw,fromRaw}"
_JOINS = "{leftJoin,innerJoin,leftJoinAndSelect,innerJoinAndSelect,leftJoinAndMapOne}"
_BUILT = "{where,andWhere,orWhere,having,andHaving,orderBy,groupBy,addSelect,leftJoin,innerJoin}"

MODELS: tuple[Model, ...] = (
    *(
        line
        for package in every(_MYSQL)
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
        for package in every(_POSTGRES)
        for line in (
            *(
                Returns(name, "npm:pg.Client", clean=True)
                for name in every(
                    f"{package}.{{Client,Pool,native.Client,createPool,createClient}}", package
                )
            ),
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
    *(Sanitizer(name, "@0", (_SQL,)) for name in every("npm:pg.{escapeLiteral,escapeIdentifier}")),
    *(
        Sanitizer(name, "*", (_SQL,))
        for name in every("npm:pg-format", "npm:pg-format.{literal,ident}", "npm:sqlstring.*")
    ),
    Clean("npm:pg.Client.*"),
    Returns("npm:sqlite3.Database", "npm:sqlite3.Database", clean=True),
    Returns("npm:sqlite3.verbose", "npm:sqlite3"),
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
    # Templates are parameters; only what is called unsafe is the text itself.
    Returns("npm:postgres", "npm:postgres.Sql", clean=True),
    Sink(_SQL, "npm:postgres.Sql.unsafe", "@0"),
    Clean("npm:postgres.*"),
    Returns("npm:@neondatabase/serverless.neon", "npm:@neondatabase/serverless.Sql", clean=True),
    *(
        line
        for name in every(
            "npm:@neondatabase/serverless.Sql",
            "npm:@neondatabase/serverless.Sql.{query,unsafe}",
            "npm:@vercel/postgres.db.query",
        )
        for line in (Sink(_SQL, name, "@0"), Clean(name))
    ),
    Returns("npm:pg-promise()", "npm:pg-promise.Database", clean=True),
    *(
        Sink(_SQL, f"npm:pg-promise.Database.{method}", "@0")
        for method in ("any", "many", "none", "one", "oneOrNone", "manyOrNone", "query", "result")
    ),
    *(
        Calls(f"npm:pg-promise.Database.{method}", function, ("self",), "result")
        for method in ("task", "tx")
        for function in ("@0", "@1")
    ),
    *(
        Sanitizer(name, "*", (_SQL,))
        for name in every("npm:{pg-promise,pg-promise()}.as.{format,text,name,value,csv,json}")
    ),
    Clean("npm:pg-promise.Database.*"),
    *(
        line
        for name in every(
            "npm:@libsql/client.Client.{execute,executeMultiple}",
            "npm:@planetscale/database.Client.execute",
            "npm:@clickhouse/client.Client.{query,command,exec}",
            "npm:@google-cloud/bigquery.BigQuery.{query,createQueryJob}",
            "npm:snowflake-sdk.Connection.execute",
            "npm:athena-express.AthenaExpress.query",
            "npm:sqlite.Database.{run,get,all,each,exec,prepare}",
            "npm:duckdb.Database.{run,all,each,exec,prepare}",
            "npm:mysql-promise.query",
        )
        for line in (
            Sink(_SQL, name, "@0", is_text(0)),
            Sink(_SQL, name, "@0.sql", has_entry(0, "sql")),
            Sink(_SQL, name, "@0.query", has_entry(0, "query")),
            Sink(_SQL, name, "@0.sqlText", has_entry(0, "sqlText")),
            Clean(name),
        )
    ),
    *(
        Returns(name, made, clean=True)
        for name, made in (
            ("npm:@libsql/client.createClient", "npm:@libsql/client.Client"),
            ("npm:@planetscale/database.connect", "npm:@planetscale/database.Client"),
            ("npm:@planetscale/database.Client.connection", "npm:@planetscale/database.Client"),
            ("npm:@clickhouse/client.createClient", "npm:@clickhouse/client.Client"),
            ("npm:@google-cloud/bigquery.BigQuery", "npm:@google-cloud/bigquery.BigQuery"),
            ("npm:snowflake-sdk.createConnection", "npm:snowflake-sdk.Connection"),
            ("npm:athena-express", "npm:athena-express.AthenaExpress"),
            ("npm:sqlite.open", "npm:sqlite.Database"),
            ("npm:duckdb.Database", "npm:duckdb.Database"),
        )
    ),
    # Templates that keep what is put in apart, and ways to put in text as it is.
    *(
        Returns(name, "npm:sql-template-strings.Statement", clean=True)
        for name in every(
            "npm:{sql-template-strings,sql-template-strings.SQL,@nearform/sql}",
            "npm:{sql-template-tag,sql-template-tag.sql,sql-template-tag.default}",
            "npm:slonik.{sql,sql.unsafe,sql.fragment,sql.type()}",
            "npm:{@databases/pg,@databases/mysql}.sql",
        )
    ),
    Sink(_SQL, "npm:sql-template-strings.Statement.append", "@0", is_text(0)),
    *(
        Sink(_SQL, name, "@0")
        for name in every(
            "npm:sql-template-tag.raw",
            "npm:@nearform/sql.unsafe",
            "npm:{@databases/pg,@databases/mysql}.sql.__dangerous__rawValue",
        )
    ),
    # Builders of queries, and what they are built with.
    *(
        Returns(name, "npm:knex.Knex", clean=True)
        for name in every("npm:{knex,knex.knex,knex.default}")
    ),
    Returns("npm:knex.Knex", "npm:knex.Knex", clean=True),
    Returns("npm:knex.Knex.*", "npm:knex.Knex", clean=True),
    # What is done together is done by a function that is given the connection.
    *(
        Calls(name, place, ("self",), "result")
        for name, place in (
            ("npm:knex.Knex.transaction", "@0"),
            ("npm:sequelize.Sequelize.transaction", "@0"),
            ("npm:sequelize.Sequelize.transaction", "@1"),
            ("npm:typeorm.DataSource.transaction", "@0"),
            ("npm:typeorm.DataSource.transaction", "@1"),
            ("npm:typeorm.DataSource.manager.transaction", "@0"),
            ("npm:typeorm.DataSource.manager.transaction", "@1"),
            ("npm:@prisma/client.PrismaClient.$transaction", "@0"),
        )
    ),
    *(
        Returns(name, "npm:sequelize.Sequelize", clean=True)
        for name in every("npm:sequelize", "npm:sequelize.Sequelize")
    ),
    *(
        Returns(name, "npm:typeorm.DataSource", clean=True)
        for name in every(
            "npm:typeorm.{DataSource,createConnection,getConnection,getManager,getRepository}",
            "npm:typeorm.DataSource.{getRepository,createQueryRunner,initialize}",
            "npm:typeorm.{Repository,EntityManager,Connection,getCustomRepository}",
        )
    ),
    *(
        Returns(name, "npm:typeorm.Query", clean=True)
        for name in every("npm:typeorm.DataSource.createQueryBuilder", "npm:typeorm.Query.*")
    ),
    Returns("npm:@prisma/client.PrismaClient", "npm:@prisma/client.PrismaClient", clean=True),
    Returns("npm:data-api-client", "npm:data-api-client.Client", clean=True),
    Returns("npm:oracledb.getConnection", "npm:oracledb.Connection"),
    *(
        Returns(name, "npm:mssql.Pool", clean=True)
        for name in every("npm:mssql.{connect,ConnectionPool}", "npm:mssql.Pool.connect")
    ),
    *(
        Returns(name, "npm:mssql.Request", clean=True)
        for name in every("npm:mssql.Request", "npm:mssql.Pool.request", "npm:mssql.Request.input")
    ),
    *(
        Sink(_SQL, name, "@0")
        for name in every(
            f"npm:knex.Knex.{_KNEX}",
            f"npm:typeorm.Query.{_BUILT}",
            "npm:typeorm.Query.{select,addOrderBy,addGroupBy}",
            "npm:sequelize.Sequelize.query",
            "npm:sequelize.{literal,Sequelize.literal}",
            "npm:typeorm.DataSource.query",
            "npm:@prisma/client.PrismaClient.{$queryRawUnsafe,$executeRawUnsafe}",
            "npm:@prisma/client.Prisma.raw",
            "npm:mssql.Request.{query,batch}",
            "npm:mssql.query",
            "npm:tedious.Request",
            "npm:data-api-client.Client.query",
            "npm:oracledb.Connection.execute",
            "npm:{drizzle-orm,kysely}.sql.raw",
            "npm:{objection,knex}.raw",
            "npm:objection.Model.{raw,query().whereRaw,query().orderByRaw,query().joinRaw}",
            "npm:sequelize.Model.sequelize.query",
            "npm:@mikro-orm/core.raw",
        )
    ),
    *(Sink(_SQL, name, "@2") for name in every(f"npm:typeorm.Query.{_JOINS}")),
    # Rows were not written by this event.
    *(
        Clean(name)
        for name in every(
            "npm:{knex,sequelize,typeorm,@prisma/client,mssql,sqlite3,better-sqlite3}.*",
            "npm:{data-api-client,oracledb}.*",
        )
    ),
)
