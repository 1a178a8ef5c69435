"""Packages of npm that ask other hosts: what they are asked for must not choose the host."""

from stockade.analysis.libraries.conditions import (
    Arguments,
    given,
    has_entry,
    is_text,
    text_of,
)
from stockade.analysis.libraries.model import Clean, Guard, Model, Returns, Sink, every

_VERBS = "{get,delete,head,options,post,put,patch}"
_REQUEST = "{request,request-promise,request-promise-native}"
_CALLED = "npm:{got,node-fetch,axios,ky,cross-fetch,isomorphic-fetch,unfetch,isomorphic-unfetch}"


def _names_a_domain(arguments: Arguments) -> bool | None:
    """Tell whether the end that is asked for begins with a dot: `.example.com`."""
    text = text_of(given(arguments, "", 0))
    return None if text is None else text.startswith(".")


MODELS: tuple[Model, ...] = (
    # What another machine answers is not the event's data.
    *(
        Clean(name)
        for name in every(
            "npm:{axios,got,node-fetch,undici,superagent,request,request-promise,needle}.*",
            "npm:{request-promise-native,popsicle,unfetch,isomorphic-unfetch}.*",
            "npm:{ky,cross-fetch,isomorphic-fetch,bent,phin}.*",
        )
    ),
    *(
        line
        for name in every(
            "npm:{axios,got,ky,needle,superagent,popsicle}." + _VERBS,
            f"npm:{_REQUEST}." + _VERBS,
            f"npm:{_REQUEST}",
            _CALLED,
            "npm:cross-fetch.fetch",
            "npm:follow-redirects.{http,https}.{get,request}",
            "npm:popsicle.fetch",
            "npm:@nestjs/axios.HttpService()." + _VERBS,
            "npm:@nestjs/axios.HttpService().axiosRef." + _VERBS,
            "npm:@nestjs/axios.HttpService().{request,axiosRef,axiosRef.request}",
            "npm:undici.{fetch,request,stream}",
            "npm:node-fetch.fetch",
            "npm:{needle,phin}",
        )
        for line in (
            Sink("host", name, "@0", is_text(0)),
            Sink("host", name, "@0.url", has_entry(0, "url")),
            Clean(name),
        )
    ),
    *(
        Sink("host", name, "@0.uri", has_entry(0, "uri"))
        for name in every(f"npm:{_REQUEST}", f"npm:{_REQUEST}." + _VERBS)
    ),
    *(
        line
        for name in every("npm:axios.{request,create}", "npm:axios")
        for line in (
            Sink("host", name, "@0.url", has_entry(0, "url")),
            Sink("host", name, "@0.baseURL", has_entry(0, "baseURL")),
        )
    ),
    # Clients of one's own are what they were made of, with settings.
    *(
        Returns(name, client, clean=True)
        for client, names in (
            ("npm:axios", "npm:axios.{create,default.create}"),
            ("npm:got", "npm:got.extend"),
            ("npm:ky", "npm:ky.{create,extend}"),
            ("npm:needle", "npm:needle.defaults"),
            ("npm:request", "npm:request.defaults"),
            ("npm:request-promise", "npm:{request-promise,request-promise-native}.defaults"),
        )
        for name in every(names)
    ),
    *(
        Sink("host", name, "@0.prefixUrl", has_entry(0, "prefixUrl"))
        for name in every("npm:{got.extend,ky.create,ky.extend}")
    ),
    *(
        Sink("host", name, "@0")
        for name in every(
            "npm:undici.{Client,Pool}",
            "npm:ws",
            "npm:ws.WebSocket",
            "npm:websocket.{w3cwebsocket,client().connect}",
            "npm:{socket.io-client,socket.io-client.io}",
        )
    ),
    # Needle may be told the method first.
    Sink("host", "npm:needle", "@1"),
    # Documents by their address: feeds, pictures, previews, graphs.
    *(
        line
        for name in every(
            "npm:{ofetch.ofetch,ofetch.$fetch,wretch,simple-get,download,urllib.request}",
            "npm:{node-fetch-native,node-fetch-native.fetch,make-fetch-happen}",
            "npm:rss-parser().parseURL",
            "npm:link-preview-js.getLinkPreview",
            "npm:{jimp,jimp.Jimp,jimp.default}.read",
            "npm:canvas.loadImage",
            "npm:graphql-request.{request,GraphQLClient}",
            "npm:cheerio.fromURL",
            "npm:jsdom.JSDOM.fromURL",
            "npm:image-downloader.image",
        )
        for line in (
            Sink("host", name, "@0", is_text(0)),
            Sink("host", name, "@0.url", has_entry(0, "url")),
            Clean(name),
        )
    ),
    *(
        Sink("host", name, "@0.url", has_entry(0, "url"))
        for name in every("npm:{open-graph-scraper,metascraper()}")
    ),
    Sink("host", "aws.Client", "@0.endpoint", has_entry(0, "endpoint")),
    Sink("host", "npm:nodemailer.createTransport", "@0.host", has_entry(0, "host")),
    *(
        Sink("host", name, argument)
        for names, arguments in (
            ("npm:{mysql,mysql2,mysql2/promise,mariadb}.{createConnection,createPool}", "@0.host"),
            ("npm:{pg,pg-pool}.{Client,Pool}", "@0.host"),
            ("npm:{pg,pg-pool}.{Client,Pool}", "@0.connectionString"),
            ("npm:mongodb.MongoClient", "@0"),
            ("npm:mongodb.MongoClient.connect", "@0"),
            ("npm:mongoose.{connect,createConnection}", "@0"),
            ("npm:ioredis", "@0.host"),
            ("npm:ioredis", "@0"),
            ("npm:redis.createClient", "@0.url"),
            ("npm:ssh2.Client.connect", "@0.host"),
            ("npm:node-ssh.NodeSSH.connect", "@0.host"),
            ("npm:ssh2-sftp-client().connect", "@0.host"),
            ("npm:basic-ftp.Client().access", "@0.host"),
            ("npm:ldapjs.createClient", "@0.url"),
            ("npm:openai", "@0.baseURL"),
            ("npm:openai.OpenAI", "@0.baseURL"),
            ("npm:@elastic/elasticsearch.Client", "@0.node"),
            ("npm:@opensearch-project/opensearch.Client", "@0.node"),
            ("npm:@grpc/grpc-js.Client", "@0"),
            ("npm:soap.{createClient,createClientAsync}", "@0"),
        )
        for name in every(names)
        for argument in (arguments,)
    ),
    # The end of a host is a check of it where it begins with a dot.
    *(
        Guard(name, "self", ("host",), when=_names_a_domain)
        for name in every("node:url.URL().{hostname,host}.endsWith")
    ),
    # Who is sent mail, a message or a call.
    *(
        Sink("recipient", name, f"@0.{field}")
        for name in every("npm:nodemailer.createTransport().sendMail", "npm:@sendgrid/mail.send")
        for field in ("to", "cc", "bcc")
    ),
    *(
        Sink("page", name, "@0.html")
        for name in every("npm:nodemailer.createTransport().sendMail", "npm:@sendgrid/mail.send")
    ),
    *(Sink("recipient", name, "@0.to") for name in every("npm:twilio().{messages,calls}.create")),
    *(
        Sink("host", name, argument)
        for name in every("node:net.{connect,createConnection}", "node:tls.connect")
        for argument in ("@0.host", "@1")
    ),
    # Browsers.
    *(
        Returns(name, "npm:puppeteer.Browser", clean=True)
        for name in every(
            "npm:{puppeteer,puppeteer-core,puppeteer-extra}.{launch,connect}",
            "npm:{puppeteer,puppeteer-core,puppeteer-extra}.default.{launch,connect}",
            "npm:chrome-aws-lambda.puppeteer.{launch,connect}",
            "npm:{playwright,playwright-core,playwright-aws-lambda,@playwright/test}."
            "{chromium,firefox,webkit}.{launch,connect,launchPersistentContext}",
            "npm:playwright-aws-lambda.launchChromium",
            "npm:puppeteer.Browser.{newContext,createBrowserContext}",
            "npm:puppeteer.Browser.createIncognitoBrowserContext",
        )
    ),
    Returns("npm:puppeteer.Browser.newPage", "npm:puppeteer.Page", clean=True),
    Sink("host", "npm:puppeteer.Page.goto", "@0"),
    # A page of the caller's own asks for whatever it names, from where the browser runs.
    Sink("host", "npm:puppeteer.Page.setContent", "@0", through="page"),
    Clean("npm:puppeteer.Browser.*"),
    Clean("npm:puppeteer.Page.*"),
)
