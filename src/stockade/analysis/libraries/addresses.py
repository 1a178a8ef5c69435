"""Requests to other machines: whoever chooses the host makes the function call there."""

from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    is_address,
    names,
    text_of,
)
from stockade.analysis.libraries.model import Clean, Guard, Model, Noted, Returns, Sink, every

_METHODS = "{get,post,put,patch,delete,head,options}"
_SESSION = "requests.Session"
_POOLS = (
    "urllib3.{PoolManager,ProxyManager}",
    "urllib3.poolmanager.{PoolManager,ProxyManager}",
)


def _names_a_domain(arguments: Arguments) -> bool | None:
    """Tell whether the end that is asked for begins with a dot: `.example.com`."""
    text = text_of(given(arguments, "suffix", 0))
    return None if text is None else text.startswith(".")


_CURL_URL = names("option", 0, "pycurl.URL", "pycurl.Curl.URL")


def _named(argument: str) -> tuple[str, int | None]:
    """Return the name and the position of an argument as tables write it."""
    name, _, position = argument.removesuffix("[]").partition("@")
    return name, int(position) if position else None


MODELS: tuple[Model, ...] = (
    # requests and httpx. What another machine answers is not the event's data.
    Clean("requests.*"),
    Clean("httpx.*"),
    Clean("urllib3.*"),
    Clean("aiohttp.*"),
    Clean("http.client.*"),
    Clean("urllib.request.*"),
    *(Sink("host", name, "url@0") for name in every(f"{{requests,httpx}}.{_METHODS}")),
    *(
        Sink("host", name, "url@1")
        for name in every("{requests,httpx}.request", "requests.api.request", "httpx.stream")
    ),
    *(
        Returns(name, _SESSION, clean=True)
        for name in every("requests.{Session,session,sessions.Session,sessions.session}")
    ),
    *(Sink("host", name, "url@0") for name in every(f"{_SESSION}.{_METHODS}")),
    Sink("host", f"{_SESSION}.request", "url@1"),
    Sink("host", "requests.Request", "url@1"),
    *(Returns(f"httpx.{name}", f"httpx.{name}", clean=True) for name in ("Client", "AsyncClient")),
    *(
        line
        for name in every("httpx.{Client,AsyncClient}")
        for line in (
            Sink("host", name, "base_url"),
            Sink("host", f"{name}.request", "url@1"),
            Sink("host", f"{name}.stream", "url@1"),
            Sink("host", f"{name}.build_request", "url@1"),
            *(Sink("host", each, "url@0") for each in every(f"{name}.{_METHODS}")),
        )
    ),
    # urllib3.
    Sink("host", "urllib3.request", "url@1"),
    *(Returns(name, "urllib3.PoolManager", clean=True) for name in every(*_POOLS)),
    *(
        Sink("host", name, "url@1")
        for name in every(
            "urllib3.PoolManager.{request,urlopen,request_encode_url,request_encode_body}"
        )
    ),
    *(
        Sink("host", name, "@0")
        for name in every(
            "urllib3.{HTTPConnectionPool,HTTPSConnectionPool,connection_from_url}",
            "urllib3.PoolManager.{connection_from_url,connection_from_host}",
        )
    ),
    # aiohttp.
    Returns("aiohttp.ClientSession", "aiohttp.ClientSession", clean=True),
    Sink("host", "aiohttp.ClientSession", "base_url@0"),
    Sink("host", "aiohttp.request", "url@1"),
    Sink("host", "aiohttp.ClientSession.request", "url@1"),
    *(
        Sink("host", name, "url@0")
        for name in every(f"aiohttp.ClientSession.{_METHODS}", "aiohttp.ClientSession.ws_connect")
    ),
    # The standard library. A `Request` is judged where it is made. Besides http these open
    # `file:` addresses: "urllib.request.urlopen" of the library reference, "CURLOPT_URL" of curl.
    *(
        Sink("scheme", name, "url@0")
        for name in every(
            "urllib.request.{urlopen,Request,urlretrieve}",
            "wget.download",
        )
    ),
    Sink("scheme", "urllib.request.OpenerDirector.open", "fullurl@0"),
    *(Sink(kind, "pycurl.Curl.setopt", "@1", _CURL_URL) for kind in ("scheme", "host")),
    Sink("host", "pycurl.Curl.setopt_string", "@1", _CURL_URL),
    *(
        Sink("host", name, "url@0")
        for name in every("urllib.request.{urlopen,Request,urlretrieve}")
    ),
    Returns("urllib.request.build_opener", "urllib.request.OpenerDirector", clean=True),
    Sink("host", "urllib.request.OpenerDirector.open", "fullurl@0"),
    Sink("host", "urllib.request.Request.set_proxy", "@0"),
    *(
        line
        for name in every("http.client.{HTTPConnection,HTTPSConnection}")
        for line in (
            Sink("host", name, "host@0"),
            Returns(name, "http.client.HTTPConnection", clean=True),
        )
    ),
    Sink("host", "socket.create_connection", "address@0[0]"),
    Returns("socket.socket", "socket.socket", clean=True),
    Sink("host", "socket.socket.connect", "@0[0]"),
    Sink("host", "socket.socket.connect_ex", "@0[0]"),
    *(
        line
        for name in every(
            "ftplib.{FTP,FTP_TLS}",
            "smtplib.{SMTP,SMTP_SSL}",
            "imaplib.{IMAP4,IMAP4_SSL}",
            "telnetlib.Telnet",
            "poplib.{POP3,POP3_SSL}",
        )
        for line in (
            Sink("host", name, "host@0"),
            Returns(name, name, clean=True),
            Clean(f"{name}.*"),
        )
    ),
    *(
        Sink("host", name, "host@0")
        for name in every("ftplib.{FTP,FTP_TLS}.connect", "smtplib.{SMTP,SMTP_SSL}.connect")
    ),
    # Addresses taken apart: a check of the host is a check of the address.
    *(Returns(name, "urllib.parse.Parsed") for name in every("urllib.parse.{urlparse,urlsplit}")),
    *(
        Guard(name, "self", ("host",), when=_names_a_domain)
        for name in every("urllib.parse.Parsed.{hostname,netloc}.endswith")
    ),
    # Others.
    Returns("httplib2.Http", "httplib2.Http", clean=True),
    Sink("host", "httplib2.Http.request", "uri@0"),
    Clean("httplib2.*"),
    Returns("pycurl.Curl", "pycurl.Curl", clean=True),
    Sink("host", "websocket.create_connection", "url@0"),
    Sink("host", "websockets.connect", "@0"),
    Sink("host", "wget.download", "url@0"),
    *(
        line
        for name in every("tornado.httpclient.{AsyncHTTPClient,HTTPClient}")
        for line in (Returns(name, name, clean=True), Sink("host", f"{name}.fetch", "request@0"))
    ),
    Sink("host", "tornado.httpclient.HTTPRequest", "url@0"),
    Clean("tornado.httpclient.*"),
    Sink("host", "botocore.awsrequest.AWSRequest", "url"),
    *(
        Sink("host", name, "endpoint_url")
        for name in every("boto3.{client,resource,Session.client,Session.resource}")
    ),
    # Documents by their address: feeds, pages, tables, films.
    *(
        Sink("host", name, argument, is_address(*_named(argument)))
        for argument, names_ in (
            ("@0", "feedparser.parse"),
            ("url@0", "{pdfkit,imgkit}.from_url"),
            ("guess@0", "weasyprint.HTML"),
            ("url", "weasyprint.HTML"),
            ("url@0", "newspaper.{Article,build,fulltext}"),
            ("@0", "pandas.read_{csv,json,excel,parquet,table,html,xml,feather,fwf,stata}"),
            ("url@0", "{yt_dlp,youtube_dl}.YoutubeDL().extract_info"),
            ("@0[]", "{yt_dlp,youtube_dl}.YoutubeDL().download"),
            ("url@0", "gql.transport.requests.RequestsHTTPTransport"),
            ("url@0", "requests_html.HTMLSession().{get,post}"),
            ("url@0", "cloudscraper.create_scraper().{get,post}"),
            ("url@0", "curl_cffi.requests.{get,post}"),
            ("@0", "skimage.io.imread"),
        )
        for name in every(names_)
    ),
    # Services by their address: remote calls, directories, stores, models.
    *(
        Sink("host", name, argument)
        for argument, names_ in (
            ("uri@0", "xmlrpc.client.ServerProxy"),
            ("wsdl@0", "zeep.{Client,AsyncClient}"),
            ("url@0", "suds.client.Client"),
            ("target@0", "grpc.{insecure_channel,secure_channel}"),
            ("target@0", "grpc.aio.{insecure_channel,secure_channel}"),
            ("base_url", "openai.{OpenAI,AsyncOpenAI,AzureOpenAI}"),
            ("azure_endpoint", "openai.AzureOpenAI"),
            ("base_url", "anthropic.{Anthropic,AsyncAnthropic}"),
            ("@0[0]", "paramiko.{Transport,transport.Transport}"),
            ("@0", "paramiko.{Transport,transport.Transport}"),
            ("host@0", "pysftp.Connection"),
            ("uri@0", "ldap.initialize"),
            ("host@0", "ldap3.Server"),
            ("host@0", "pika.ConnectionParameters"),
            ("bootstrap_servers", "kafka.{KafkaConsumer,KafkaProducer,KafkaAdminClient}"),
            ("hosts@0", "{elasticsearch.Elasticsearch,opensearchpy.OpenSearch}"),
            ("hosts@0[]", "{elasticsearch.Elasticsearch,opensearchpy.OpenSearch}"),
            ("hosts[].host", "{elasticsearch.Elasticsearch,opensearchpy.OpenSearch}"),
            ("host@0", "pymongo.{MongoClient,mongo_client.MongoClient}"),
            ("host@0", "redis.{Redis,StrictRedis}"),
            ("url@0", "redis.{from_url,Redis.from_url}"),
            ("host", "{psycopg2,psycopg,pymysql,mysql.connector,MySQLdb,pg8000,pymssql}.connect"),
            ("host", "{aiomysql,asyncpg}.{connect,create_pool}"),
            ("host", "{pg8000.native,pymysql}.Connection"),
        )
        for name in every(names_)
    ),
    # Certificates that are not looked at.
    *(
        Noted(name)
        for name in every(
            "ssl._create_unverified_context",
            "ssl.SSLContext.{verify_mode,check_hostname}=",
            "requests.Session.verify=",
        )
    ),
    *(
        Returns(name, "ssl.SSLContext")
        for name in every("ssl.{create_default_context,SSLContext,_create_unverified_context}")
    ),
    # Browsers.
    *(
        Returns(name, "selenium.Driver", clean=True)
        for name in every(
            "selenium.webdriver.{Chrome,Firefox,Edge,Remote,Safari}",
            "selenium.webdriver.{chrome,firefox,remote}.webdriver.WebDriver",
        )
    ),
    Sink("host", "selenium.Driver.get", "url@0"),
    Clean("selenium.*"),
    *(
        Returns(f"playwright.{api}().{browser}.{how}", "playwright.Browser", clean=True)
        for api in every("{sync_api.sync_playwright,async_api.async_playwright}")
        for browser in ("chromium", "firefox", "webkit")
        for how in ("launch", "connect")
    ),
    Returns("playwright.Browser.new_context", "playwright.Browser", clean=True),
    Returns("playwright.Browser.new_page", "playwright.Page", clean=True),
    Sink("host", "playwright.Page.goto", "url@0"),
    Clean("playwright.*"),
)
