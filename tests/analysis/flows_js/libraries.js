// === statements of databases
const mysql = require("mysql2/promise");
const { Pool } = require("pg");
const pool = new Pool();
exports.handler = async (event) => {
  const { id } = JSON.parse(event.body);
  const connection = await mysql.createConnection({ host: process.env.HOST });
  await connection.query(`select * from a where id = '${id}'`); // flow: sql body.id
  await connection.query("select * from a where id = ?", [id]);
  await connection.execute("select 1 where a = " + mysql.escape(id));
  const client = await pool.connect();
  await client.query("select " + id); // flow: sql body.id
  await pool.query({ text: "select $1", values: [id] });
  await pool.query({ text: `select ${id}` }); // flow: sql body.id
};
// === requests
const axios = require("axios");
const https = require("https");
exports.handler = async (event) => {
  const { url, name } = JSON.parse(event.body);
  await axios.get(url); // flow: host body.url
  await axios.get(`https://example.com/${name}`);
  await axios({ method: "get", url }); // flow: host body.url
  await fetch(url); // flow: host body.url
  https.get({ hostname: url }, (res) => {}); // flow: host body.url
};
// === the author's own host stands beside a signed request that holds the caller's data
const https = require("https");
const { sign } = require("some-signer");
exports.handler = async (event) => {
  const signed = await sign({ host: "api.example.com", body: event.body });
  https.request({ ...signed, host: "api.example.com" });
  https.request({ ...signed }); // flow: host body
};
// === evaluation, templates, pages
const ejs = require("ejs");
const _ = require("lodash");
const vm = require("vm");
exports.handler = async (event) => {
  const { text } = JSON.parse(event.body);
  eval(text); // flow: code body.text
  new Function("a", text); // flow: code body.text
  vm.runInNewContext(text); // flow: code body.text
  ejs.render(text, {}); // flow: template body.text
  ejs.render("<%= a %>", { a: text });
  _.template(text); // flow: template body.text
  require(text); // flow: import body.text
  return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: `<p>${text}</p>` }; // flow: page body.text
};
// === answers by callback
exports.handler = (event, context, callback) => {
  try {
    work(event);
  } catch (err) {
    callback(null, { statusCode: 500, body: err.stack }); // flow: response the traceback
    callback(null, { statusCode: 500, body: err.code });
  }
};
// === secrets
const { SecretsManagerClient, GetSecretValueCommand } = require("@aws-sdk/client-secrets-manager");
const client = new SecretsManagerClient({});
exports.handler = async () => {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: "prod/db" }));
  const { password, username } = JSON.parse(answer.SecretString);
  console.log(username);
  console.log(password); // flow: log prod/db
  return { statusCode: 200, body: JSON.stringify({ password }) }; // flow: response prod/db
};
// === the environment
exports.handler = async () => {
  return { statusCode: 200, body: JSON.stringify(process.env) }; // flow: response the environment
};
// === dynamodb statements
const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
exports.handler = async (event) => {
  const { table, id } = JSON.parse(event.body);
  await db.get({ TableName: "t", Key: { id } }).promise();
  await db.scan({ TableName: "t", FilterExpression: `id = ${id}` }).promise(); // flow: query body.id
  db.query({ TableName: table }, (err, data) => { console.log(data); }); // flow: target body.table
};
// === s3: the content of an object
const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
const { exec } = require("child_process");
const s3 = new S3Client({});
exports.handler = async (event) => {
  const { bucket, object } = event.Records[0].s3;
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
  const text = await answer.Body.transformToString();
  exec(text.trim()); // flow: shell the content of the object
};
// === files keep what is written to them
const fs = require("fs");
const { exec } = require("child_process");
exports.handler = async (event) => {
  fs.writeFileSync("/tmp/a.txt", event.body);
  exec(fs.readFileSync("/tmp/a.txt", "utf8")); // flow: shell body
};
// === routes of express
const express = require("express");
const serverless = require("serverless-http");
const { exec } = require("child_process");
const app = express();
app.get("/:id", (req, res) => {
  exec(req.params.id); // flow: shell pathParameters.id
  res.send("ok");
});
exports.handler = serverless(app);
// === filters that may hold operators
const mongoose = require("mongoose");
const { MongoClient } = require("mongodb");
const User = mongoose.model("User", {});
const client = new MongoClient("mongodb://x");
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  await User.findOne({ name }); // flow: filter body.name
  await client.db("a").collection("b").findOne({ name: String(name) });
  if (typeof name !== "string") return;
  await client.db("a").collection("b").find({ name }).toArray();
};
// === parts between slashes, and joined again
const fs = require("fs");
exports.handler = async (event) => {
  const key = event.body;
  fs.readFileSync("/tmp/" + key.split("/").pop());
  fs.readFileSync("/tmp/" + key.split("/", 1)[0]);
  fs.readFileSync("/tmp/" + key.split("/", 2)[1]);
  fs.readFileSync("/tmp/" + key.split("/").slice(1).join("/")); // flow: path body
  fs.readFileSync("/tmp/" + key.split("/").join("-"));
};
// === options that are spread
const axios = require("axios");
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  await axios({ ...body }); // flow: host body.url // flow: host body.baseURL
  await axios({ method: "post", url: "https://example.com", data: body });
  await axios({ ...body, url: "https://example.com" }); // flow: host body.baseURL
  await axios({ ...body, url: "https://example.com", baseURL: "https://example.com" });
  const params = { timeout: 1 };
  await axios({ ...params, url: "https://example.com/" + body.id });
};
// === clients of one's own
const got = require("got");
const client = got.extend({ prefixUrl: process.env.API });
const { Pool } = require("undici");
exports.handler = async (event) => {
  await client.get("orders");
  await client.post(event.body); // flow: host body
  new Pool(event.body); // flow: host body
};
// === templates that escape, and those that do not
const Handlebars = require("handlebars");
const ejs = require("ejs");
const nunjucks = require("nunjucks");
const page = Handlebars.compile("<p>{{name}}</p>");
const raw = Handlebars.compile("<p>{{{name}}}</p>");
const off = Handlebars.compile("<p>{{name}}</p>", { noEscape: true });
const html = (body) => ({ statusCode: 200, headers: { "Content-Type": "text/html" }, body });
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  if (name === "1") return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: page({ name }) };
  if (event.a) return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: raw({ name }) }; // flow: page queryStringParameters.name
  if (event.b) return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: off({ name }) }; // flow: page queryStringParameters.name
  if (event.c) return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: ejs.render("<%= name %>", { name }) };
  if (event.d) return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: ejs.render("<%- name %>", { name }) }; // flow: page queryStringParameters.name
  return { statusCode: 200, headers: { "Content-Type": "text/html" }, body: nunjucks.renderString("{{ name }}", { name }) };
};
// === what express sends
const express = require("express");
const app = express();
app.get("/a", (req, res) => {
  res.send("<p>" + req.query.name); // flow: page queryStringParameters.name
  res.send({ name: req.query.name });
  res.json({ name: req.query.name });
  res.type("text/plain").send("<p>" + req.query.name);
});
app.get("/b", (req, res) => {
  res.set("Content-Type", "application/xml");
  res.send("<p>" + req.query.name);
  res.setHeader("content-type", "text/html");
  res.end("<p>" + req.query.name); // flow: page queryStringParameters.name
});
app.use((err, req, res, next) => {
  res.status(500).send(err.stack); // flow: response the traceback
});
exports.handler = require("serverless-http")(app);
// === builders of queries
const knex = require("knex")({ client: "pg" });
const sql = require("mssql");
const { DataSource } = require("typeorm");
const source = new DataSource({});
exports.handler = async (event) => {
  const { sort, id } = JSON.parse(event.body);
  await knex("orders").where({ id }).orderByRaw(sort); // flow: sql body.sort
  await knex("orders").where("id", id).orderBy("date");
  const pool = await sql.connect({});
  await pool.request().input("id", id).query("select * from a where id = @id");
  await pool.request().query("select " + id); // flow: sql body.id
  await source.getRepository("A").createQueryBuilder("a").where(`a.id = ${id}`).getOne(); // flow: sql body.id
  await source.getRepository("A").createQueryBuilder("a").where("a.id = :id", { id }).getOne();
};
// === values that a filter compares
const { MongoClient } = require("mongodb");
const users = new MongoClient("mongodb://x").db("a").collection("b");
exports.handler = async (event) => {
  const { name, names, age } = JSON.parse(event.body);
  await users.findOne({ name: { $eq: name }, age: { $gte: age }, tag: { $in: [names] } });
  await users.findOne({ name: { $not: name } }); // flow: filter body.name
  await users.findOne({ $or: [{ name }] }); // flow: filter body.name
};
// === an awaited call in parentheses
const { exec } = require("child_process");
const load = async (event) => ({ text: event.body });
exports.handler = async (event) => {
  const text = await (await load(event)).text.trim();
  exec(text); // flow: shell body
};
// === defaults that a body overrides
const { exec } = require("child_process");
exports.handler = async (event) => {
  const given = Object.assign({ path: "." }, JSON.parse(event.body));
  exec("ls " + given.path); // flow: shell body.path
  const options = { path: ".", ...JSON.parse(event.body) };
  exec("ls " + options.path); // flow: shell body.path
  exec("ls " + { ...JSON.parse(event.body), path: "." }.path);
};
// === routes of Koa
const Koa = require("koa");
const { exec } = require("child_process");
const app = new Koa();
app.use(async (ctx, next) => {
  exec(ctx.request.body.command); // flow: shell body.command
  exec(ctx.query.q); // flow: shell queryStringParameters.q
  await next();
});
exports.handler = require("serverless-http")(app);
// === routes of Hono below a path
const { Hono } = require("hono");
const { exec } = require("child_process");
const { html } = require("hono/html");
const app = new Hono().basePath("/api");
app.post("/x", async (c) => {
  const { command } = await c.req.json();
  exec(command); // flow: shell body.command
  return c.html(html`<p>${command}</p>`);
});
exports.handler = require("hono/aws-lambda").handle(app);
// === a procedure of tRPC
const { initTRPC } = require("@trpc/server");
const { z } = require("zod");
const { exec } = require("child_process");
const t = initTRPC.create();
t.router({
  run: t.procedure.input(z.object({ command: z.string(), n: z.number() })).mutation(({ input }) => {
    exec(input.command); // flow: shell body.command
    exec(String(input.n));
  }),
});
exports.handler = async () => 1;
// === resolvers of Apollo
const { ApolloServer } = require("@apollo/server");
const { exec } = require("child_process");
const resolvers = { Query: { run: (parent, args) => exec(args.command) } }; // flow: shell body.command
new ApolloServer({ typeDefs: "", resolvers });
exports.handler = async () => 1;
// === an emitter, and a parser that is piped into
const { EventEmitter } = require("events");
const { Readable } = require("stream");
const tar = require("tar-stream");
const { exec } = require("child_process");
const bus = new EventEmitter();
bus.on("job", (job) => exec(job)); // flow: shell body
exports.handler = async (event) => {
  bus.emit("job", event.body);
  const extract = tar.extract();
  extract.on("entry", (header) => exec(header.name)); // flow: shell body
  Readable.from(event.body).pipe(extract);
};
// === texts in which signs of a page became entities
const MAP = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const page = (body) => ({ statusCode: 200, headers: { "Content-Type": "text/html" }, body });
exports.handler = async (event) => {
  const { a } = JSON.parse(event.body);
  if (event.x) return page(a.replace(/[&<>"]/g, (sign) => MAP[sign] || sign));
  if (event.y) return page(a.replace(/&/g, "&amp;").replace(/</g, "&lt;"));
  return page(a.replace("<", "&lt;")); // flow: page body.a
};
// === paths, which a client asks its own host for
const axios = require("axios");
const client = axios.create({ baseURL: "https://api.example.com" });
exports.handler = async (event) => {
  await client.get(`/users/${event.body}`);
  await client.get(event.body); // flow: host body
};
// === clients of AWS that the event sends elsewhere
const { S3Client } = require("@aws-sdk/client-s3");
exports.handler = async (event) => {
  new S3Client({ endpoint: event.body }); // flow: host body
  new S3Client({ endpoint: "https://example.com" });
};
// === more statements, queries and commands
const sql = require("postgres")(process.env.DB);
const pgp = require("pg-promise")();
const neo4j = require("neo4j-driver");
const { Client } = require("@opensearch-project/opensearch");
const { Client: Ssh } = require("ssh2");
const puppeteer = require("puppeteer");
const { execa } = require("execa");
const ejs = require("ejs");
exports.handler = async (event) => {
  const { q } = JSON.parse(event.body);
  await sql`select ${q}`;
  await sql.unsafe(`select ${q}`); // flow: sql body.q
  await pgp("x").any("select $1", [q]);
  await pgp("x").any("select " + q); // flow: sql body.q
  await neo4j.driver("x").session().run("MATCH " + q); // flow: query body.q
  await new Client({}).search({ index: "a", body: { query: { match: { title: q } } } });
  await new Client({}).search({ index: "a", body: q }); // flow: filter body.q // flow: query body.q.query.query_string.query
  new Ssh().exec("ls " + q, () => {}); // flow: shell body.q
  const tab = await (await puppeteer.launch()).newPage();
  await tab.goto(q); // flow: host body.q
  await execa("ls", [q]);
  await execa(`ls ${q}`, { shell: true }); // flow: shell body.q
  await ejs.renderFile("a.ejs", { q });
  await ejs.renderFile("a.ejs", q); // flow: template body.q
};
// === a verb that the event names
const axios = require("axios");
exports.handler = async (event) => {
  const { verb, url } = JSON.parse(event.body);
  await axios[verb](url); // flow: host body.url
};
// === routes of Powertools, and a command of Slack
const { Router } = require("@aws-lambda-powertools/event-handler/http");
const { App, AwsLambdaReceiver } = require("@slack/bolt");
const { exec } = require("child_process");
const router = new Router();
router.get("/x/:id", async ({ params, req }) => {
  exec(params.id); // flow: shell pathParameters.id
  exec((await req.json()).command); // flow: shell body.command
});
const app = new App({ receiver: new AwsLambdaReceiver({ signingSecret: "" }) });
app.command("/run", async ({ command, ack }) => exec(command.text)); // flow: shell body.text
exports.handler = async (event, context) => router.resolve(event, context);
// === alexa: an intent of a skill
const Alexa = require("ask-sdk-core");
const { exec } = require("child_process");
const City = {
  canHandle: () => true,
  handle: (input) => exec(input.requestEnvelope.request.intent.name), // flow: shell request.intent.name
};
exports.handler = Alexa.SkillBuilders.custom().addRequestHandlers(City).lambda();
// === what one route checks is checked on that route alone
const express = require("express");
const serverless = require("serverless-http");
const { exec } = require("child_process");
const app = express();
app.use((req, res, next) => {
  if (!["a", "b"].includes(req.body.kind)) throw new Error("no");
  next();
});
const onlyNumbers = (req, res, next) => {
  if (typeof req.body.name !== "number") throw new Error("no");
  next();
};
app.post("/one", onlyNumbers, (req, res) => { exec(`${req.body.name} ${req.body.kind}`); });
app.post("/two", (req, res) => {
  exec(req.body.kind);
  exec(req.body.name); // flow: shell body.name
});
exports.handler = serverless(app);
// === checks of fields on a route: express-validator
const express = require("express");
const { body, validationResult } = require("express-validator");
const serverless = require("serverless-http");
const { exec } = require("child_process");
const { MongoClient } = require("mongodb");
const users = new MongoClient("mongodb://db").db("shop").collection("users");
const app = express();
const checks = [body("mail").trim().notEmpty(), body("id").isUUID(), body("any").notEmpty()];
app.post("/one", checks, async (req, res) => {
  await users.findOne({ mail: req.body.mail });
  await users.findOne({ any: req.body.any }); // flow: filter body.any
  exec(req.body.id); // flow: shell body.id
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(400).json({ errors: errors.array() });
  exec(req.body.id);
  exec(req.body.any); // flow: shell body.any
});
app.post("/two", async (req, res) => {
  await users.findOne({ mail: req.body.mail }); // flow: filter body.mail
  if (!validationResult(req).isEmpty()) return;
  exec(req.body.id); // flow: shell body.id
});
app.post("/three", body(["a", "b"]).toInt(), async (req, res) => {
  if (validationResult(req).array().length > 0) return;
  exec(`x ${req.body.a} ${req.body.b}`);
  exec(req.body.c); // flow: shell body.c
});
exports.handler = serverless(app);
// === a schema of mongoose gives its documents and models methods
const { exec } = require("child_process");
const mongoose = require("mongoose");
const schema = new mongoose.Schema({ name: String });
schema.methods.shown = function (text) {
  exec(`show ${text}`); // flow: shell body.text
};
schema.statics.named = function (name) {
  return this.findOne({ name: String(name) });
};
schema.method("kept", (text) => exec(`keep ${text}`)); // flow: shell body.kept
const User = mongoose.model("User", schema);
exports.handler = async (event) => {
  const { text, kept, name } = JSON.parse(event.body);
  const user = await User.findOne({ name: "a" });
  user.shown(text);
  const made = new User({});
  made.kept(kept);
  made.unknown(name);
};
