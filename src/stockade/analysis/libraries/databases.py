"""SQL: database drivers (PEP 249 and others), query builders and object mappers."""

from stockade.analysis.libraries.model import (
    Clean,
    Model,
    Returns,
    Sanitizer,
    Sink,
    every,
)

# The functions that connect, by driver, and the types that they give. Every driver follows
# PEP 249: a connection gives cursors, and the statement is what a cursor executes first.
_DRIVERS = {
    "sqlite3": ("connect",),
    "psycopg2": ("connect",),
    "pymysql": ("connect", "connections.Connection", "Connect", "Connection"),
    "mysql.connector": ("connect",),
    "MySQLdb": ("connect", "Connection"),
    "pyodbc": ("connect",),
    "pymssql": ("connect",),
    "cx_Oracle": ("connect", "Connection"),
    "oracledb": ("connect",),
    "pg8000": ("connect", "dbapi.connect"),
    "redshift_connector": ("connect",),
    "snowflake.connector": ("connect",),
    "aiomysql": ("connect",),
    "aiosqlite": ("connect",),
    "psycopg": ("connect", "Connection.connect", "AsyncConnection.connect"),
    "pyathena": ("connect",),
    "clickhouse_driver.dbapi": ("connect",),
    "trino.dbapi": ("connect",),
    "duckdb": ("connect",),
    "aurora_data_api": ("connect",),
    "aws_advanced_python_wrapper.AwsWrapperConnection": ("connect",),
    "aurora_dsql_psycopg2": ("connect",),
    "aurora_dsql_psycopg": ("connect", "DSQLConnection.connect"),
    "pyhive.hive": ("connect", "Connection"),
    "pyhive.presto": ("connect", "Connection"),
    "databricks.sql": ("connect",),
    "vertica_python": ("connect",),
    "teradatasql": ("connect",),
    "jaydebeapi": ("connect",),
    "pysqlite3": ("connect",),
}
_DRIVER = "{" + ",".join(_DRIVERS) + "}"
# Pools give the same connections.
_POOLS = (
    ("psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool}", "getconn", "psycopg2"),
    ("psycopg_pool.{ConnectionPool,AsyncConnectionPool}", "{connection,getconn}", "psycopg"),
    ("mysql.connector.pooling.MySQLConnectionPool", "get_connection", "mysql.connector"),
    ("{oracledb,cx_Oracle}.{create_pool,SessionPool}", "acquire", "oracledb"),
    ("aiomysql.create_pool", "acquire", "aiomysql"),
)
_ASYNCPG = ("asyncpg.Connection", "asyncpg.Pool")
_SQL = "sql"

MODELS: tuple[Model, ...] = (
    *(
        Returns(f"{driver}.{connect}", f"{driver}.Connection", clean=True)
        for driver, connects in _DRIVERS.items()
        for connect in connects
    ),
    *(
        line
        for pools, gives, driver in _POOLS
        for pool in every(pools)
        for line in (
            Returns(pool, pool, clean=True),
            *(
                Returns(f"{pool}.{give}", f"{driver}.Connection", clean=True)
                for give in every(gives)
            ),
        )
    ),
    *(
        Returns(f"{driver}.Connection.cursor", f"{driver}.Cursor", clean=True)
        for driver in _DRIVERS
    ),
    *(
        line
        for name in every(
            f"{_DRIVER}.{{Connection,Cursor}}.{{execute,executemany,executescript}}",
            "{pymysql,MySQLdb}.Connection.query",
            "psycopg2.Cursor.{copy_expert,mogrify}",
            "psycopg.Cursor.{stream,copy}",
            "mysql.connector.{Connection.cmd_query,Cursor.callproc}",
            "{pymysql,MySQLdb}.Cursor.mogrify",
            "snowflake.connector.{Connection.execute_string,Cursor.execute_async}",
            "aiosqlite.Connection.{execute_fetchall,execute_insert}",
            "duckdb.{sql,query,execute}",
            "duckdb.Connection.{sql,query}",
        )
        for line in (Sink(_SQL, name, "@0"), Sink(_SQL, name, "query"), Sink(_SQL, name, "sql"))
    ),
    *(
        Sink(_SQL, name, "operation")
        for name in every("{mysql.connector,pg8000,redshift_connector,pyathena}.Cursor.execute")
    ),
    *(
        Sink(_SQL, name, "statement")
        for name in every("{oracledb,cx_Oracle}.Cursor.{execute,executemany}")
    ),
    Sink(_SQL, "snowflake.connector.Cursor.execute", "command"),
    *(
        Sink(_SQL, name, "sql@1")
        for name in every("psycopg2.extras.{execute_values,execute_batch}")
    ),
    # What is in a table was not written by this event.
    *(Clean(f"{driver}.{kind}.*") for driver in _DRIVERS for kind in ("Connection", "Cursor")),
    # Parts of statements that the driver quotes.
    *(
        Sanitizer(name, "*", ("sql",))
        for name in every(
            "{psycopg2,psycopg}.sql.{Identifier,Literal,Placeholder}",
            "psycopg2.extensions.{quote_ident,adapt}",
            "pg8000.native.{identifier,literal}",
            "pg8000.dbapi.{identifier,literal}",
            "pymysql.converters.{escape_string,escape_item}",
            "pymysql.Connection.{escape,literal,escape_string}",
            "MySQLdb.escape_string",
            "mysql.connector.conversion.MySQLConverter.escape",
        )
    ),
    # pg8000's own interface.
    Returns("pg8000.native.Connection", "pg8000.native.Connection", clean=True),
    Sink(_SQL, "pg8000.native.Connection.run", "sql@0"),
    Sink(_SQL, "pg8000.native.Connection.prepare", "sql@0"),
    Clean("pg8000.native.Connection.*"),
    # asyncpg: connections and pools answer the same calls.
    Returns("asyncpg.connect", "asyncpg.Connection", clean=True),
    Returns("asyncpg.create_pool", "asyncpg.Pool", clean=True),
    Returns("asyncpg.Pool.acquire", "asyncpg.Connection", clean=True),
    *(
        Sink(_SQL, f"{kind}.{name}", "query@0")
        for kind in _ASYNCPG
        for name in ("execute", "fetch", "fetchrow", "fetchval", "prepare", "cursor")
    ),
    *(Sink(_SQL, f"{kind}.executemany", "command@0") for kind in _ASYNCPG),
    *(Clean(f"{kind}.*") for kind in _ASYNCPG),
    # SQLAlchemy: plain text is a statement where `text` or the driver's own call makes it one.
    *(
        Sink(_SQL, name, "@0")
        for name in every(
            "sqlalchemy.{text,literal_column,sql.text,sql.expression.text,sql.literal_column}",
            "sqlalchemy.{DDL,schema.DDL}",
            "sqlmodel.text",
        )
    ),
    *(
        Returns(name, "sqlalchemy.Engine", clean=True)
        for name in every("{sqlalchemy,sqlmodel}.create_engine", "sqlalchemy.engine.create_engine")
    ),
    *(
        Returns(name, "sqlalchemy.Connection", clean=True)
        for name in every("sqlalchemy.Engine.{connect,begin}", "sqlalchemy.Session.connection")
    ),
    *(
        Returns(name, "sqlalchemy.Session", clean=True)
        for name in every(
            "sqlalchemy.orm.{Session,session.Session}",
            "sqlmodel.Session",
            "sqlalchemy.SessionMaker",
        )
    ),
    *(
        Returns(name, "sqlalchemy.SessionMaker", clean=True)
        for name in every("sqlalchemy.orm.{sessionmaker,scoped_session,session.sessionmaker}")
    ),
    *(
        Sink(_SQL, name, "@0")
        for name in every(
            "sqlalchemy.{Engine,Connection,Session}.{execute,scalar,scalars}",
            "sqlalchemy.Connection.exec_driver_sql",
            "sqlalchemy.Engine.raw_connection",
        )
    ),
    *(
        Clean(name)
        for name in every("sqlalchemy.{Engine,Connection,Session}.*", "sqlalchemy.*", "sqlmodel.*")
    ),
    # Smaller mappers.
    *(Sink(_SQL, name, "sql@0") for name in every("peewee.{SQL,RawQuery}")),
    *(
        line
        for name in every("peewee.{SqliteDatabase,MySQLDatabase,PostgresqlDatabase,Database}")
        for line in (
            Returns(name, "peewee.Database", clean=True),
            Sink(_SQL, "peewee.Database.execute_sql", "sql@0"),
        )
    ),
    Clean("peewee.Database.*"),
    Returns("records.Database", "records.Database", clean=True),
    Returns("records.Database.get_connection", "records.Connection", clean=True),
    *(
        Sink(_SQL, name, "query@0")
        for name in every("records.{Database,Connection}.{query,bulk_query}")
    ),
    Clean("records.*"),
    Returns("dataset.connect", "dataset.Database", clean=True),
    Sink(_SQL, "dataset.Database.query", "query@0"),
    Clean("dataset.*"),
    Returns("databases.Database", "databases.Database", clean=True),
    *(
        Sink(_SQL, name, "query@0")
        for name in every(
            "databases.Database.{execute,execute_many,fetch_all,fetch_one,fetch_val,iterate}"
        )
    ),
    Clean("databases.*"),
    Sink(_SQL, "pony.orm.raw_sql", "sql@0"),
    Returns("pony.orm.Database", "pony.orm.Database", clean=True),
    *(Sink(_SQL, name, "sql@0") for name in every("pony.orm.Database.{select,execute,get}")),
    # Django: `connection` is an object of its module.
    Returns("django.db.connection.cursor", "django.db.Cursor", clean=True),
    *(Sink(_SQL, name, "sql@0") for name in every("django.db.Cursor.{execute,executemany}")),
    Sink(_SQL, "django.db.models.expressions.RawSQL", "sql@0"),
    Clean("django.db.Cursor.*"),
    *(
        Returns(name, "django.db.Cursor", clean=True)
        for name in every("django.db.connections[].cursor")
    ),
    # Models of an application's own, made from a class of the library's.
    Sink(_SQL, "peewee.Model.raw", "sql@0"),
    Sink(_SQL, "django.db.models.Model.objects.raw", "raw_query@0"),
    *(
        Sink(_SQL, "django.db.models.Model.objects.extra", argument)
        for argument in ("select", "where[]", "tables[]", "order_by[]")
    ),
    *(
        Returns(name, "tortoise.Connection", clean=True)
        for name in every("tortoise.{Tortoise.get_connection,connections.get}")
    ),
    *(
        Sink(_SQL, name, "query@0")
        for name in every(
            "tortoise.Connection.{execute_query,execute_query_dict,execute_script,execute_insert}"
        )
    ),
    Clean("tortoise.Connection.*"),
    # Warehouses.
    *(
        Returns(name, "clickhouse_connect.Client", clean=True)
        for name in every("clickhouse_connect.{get_client,create_client,get_async_client}")
    ),
    *(
        Sink(_SQL, f"clickhouse_connect.Client.{name}", argument)
        for names, argument in (
            ("{query,query_df,query_np,query_arrow,raw_query,query_row_block_stream}", "query@0"),
            ("command", "cmd@0"),
        )
        for name in every(names)
    ),
    Clean("clickhouse_connect.*"),
    Returns("google.cloud.bigquery.Client", "google.cloud.bigquery.Client", clean=True),
    *(
        Sink(_SQL, name, "query@0")
        for name in every("google.cloud.bigquery.Client.{query,query_and_wait}")
    ),
    Clean("google.cloud.bigquery.*"),
    # Readers of whole results.
    *(
        Sink(_SQL, name, "sql@0")
        for name in every("pandas.{read_sql,read_sql_query}", "pandas.io.sql.read_sql")
    ),
    *(
        Sink(_SQL, name, "sql@0")
        for name in every(
            "awswrangler.athena.{read_sql_query,start_query_execution}",
            "awswrangler.{redshift,mysql,postgresql,sqlserver,oracle}.read_sql_query",
            "awswrangler.{redshift,data_api.rds,data_api.redshift}.read_sql_query",
        )
    ),
    Clean("awswrangler.*"),
)
