// === code: what makes functions of a text, and what is chosen among all functions
const vm = require("vm");
exports.handler = async (event) => {
  setTimeout(event.body, 10); // flow: code body
  setInterval("tick(" + event.queryStringParameters.n + ")", 10); // flow: code queryStringParameters.n
  setTimeout(() => event.body, event.queryStringParameters.ms);
  const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor;
  new AsyncFunction("a", event.body)(1); // flow: code body
  (() => 1).constructor(event.body)(); // flow: code body
  global[event.queryStringParameters.name](1); // flow: code queryStringParameters.name
  global.name = event.body;
};
// === databases: transactions, and functions that a database runs
const knex = require("knex")({ client: "pg" });
const sqlite3 = require("sqlite3").verbose();
const { MongoClient } = require("mongodb");
const sanitize = require("mongo-sanitize");
const mongo = new MongoClient(process.env.MONGO);
exports.handler = async (event) => {
  const q = event.queryStringParameters;
  await knex.transaction(async (trx) => {
    await trx.raw("update a set b = " + q.b); // flow: sql queryStringParameters.b
    await trx.raw("update a set b = ?", [q.b]);
  });
  const db = new sqlite3.Database("/tmp/a.db");
  db.serialize(() => db.each("select " + q.c, () => {})); // flow: sql queryStringParameters.c
  const events = mongo.db().collection("events");
  await events.mapReduce(`function () { emit(this.${q.d}, 1) }`, "function (k, v) { return 1 }"); // flow: query queryStringParameters.d
  const body = JSON.parse(event.body);
  await events.findOneAndUpdate({ id: String(body.id) }, body); // flow: filter body
  await events.findOneAndUpdate({ id: String(body.id) }, { $set: { name: body.name } });
  await events.findOne({ a: sanitize(body.a), b: body.b }); // flow: filter body.b
};
// === waterfall: each function is given what the one before it passes on
const async = require("async");
const { exec } = require("child_process");
exports.handler = (event, context, callback) => {
  async.waterfall([
    (next) => next(null, JSON.parse(event.body).name, "constant"),
    function second(name, constant, next) {
      exec(constant);
      next(null, { command: `ls ${name}` });
    },
    ({ command }, next) => exec(command, next), // flow: shell body.name
  ], (error) => callback(error));
};
// === files: a way that leads nowhere out is below its folder
const fs = require("fs");
const path = require("path");
exports.handler = async (event) => {
  const full = path.resolve("/tmp", event.queryStringParameters.name);
  fs.readFileSync(full); // flow: path queryStringParameters.name
  const way = path.relative("/tmp", full);
  if (way.startsWith("..") || path.isAbsolute(way)) return null;
  return fs.readFileSync(full, "utf8");
};
// === search: a script of the author's that data is part of
const { Client } = require("@elastic/elasticsearch");
const client = new Client({ node: process.env.NODE });
exports.handler = async (event) => {
  const q = event.queryStringParameters;
  await client.search({ index: "a", query: { script: { script: `doc.a == ${q.a}` } } }); // flow: query queryStringParameters.a
  await client.search({ index: "a", query: { script: { script: { source: "doc.a == params.a", params: { a: q.a } } } } });
};
// === names: an ARN or the address of a queue begins with what is the same for every name
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
const lambda = new LambdaClient({});
const sqs = new SQSClient({});
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  const arn = `arn:aws:lambda:eu-west-1:${process.env.ACCOUNT}:function`;
  await lambda.send(new InvokeCommand({ FunctionName: `${arn}:${name}` })); // flow: target body.name
  await lambda.send(new InvokeCommand({ FunctionName: `${arn}:job-${name}` }));
  await sqs.send(new SendMessageCommand({ QueueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}` })); // flow: target body.name
  await sqs.send(new SendMessageCommand({ QueueUrl: `https://sqs.eu-west-1.amazonaws.com/123456789012/job-${name}` }));
};
// === guards: where a text stands in another, and a text that a schema asks for
const fs = require("fs");
const path = require("path");
const { MongoClient } = require("mongodb");
const { z } = require("zod");
const Body = z.object({ token: z.string().min(10), any: z.any() });
const users = new MongoClient(process.env.MONGO).db().collection("users");
exports.handler = async (event) => {
  const root = path.resolve(__dirname, "public");
  const full = path.join(root, event.queryStringParameters.file);
  fs.readFileSync(full); // flow: path queryStringParameters.file
  if (full.indexOf(root) !== 0) return null;
  fs.readFileSync(full);
  const { token, any } = Body.parse(JSON.parse(event.body));
  await users.findOne({ token });
  await users.findOne({ any }); // flow: filter body.any
};
// === commands: a shell that only one of several ways starts
const { spawnSync } = require("child_process");
const build = (kind, file) => {
  switch (kind) {
    case "a": return ["ls", ["-l", file]];
    default: return ["bash", ["-c", `ls ${file}`]];
  }
};
const harmless = (kind, file) => (kind === "a" ? ["ls", ["-l", file]] : ["cat", [file]]);
exports.handler = async (event) => {
  const { kind, file } = JSON.parse(event.body);
  const [program, words] = build(kind, file);
  spawnSync(program, words); // flow: shell body.file
  const [other, others] = harmless(kind, file);
  spawnSync(other, others);
};
// === operations: what data chooses among all that a client of AWS does
const AWS = require("aws-sdk");
const dynamo = new AWS.DynamoDB.DocumentClient();
exports.handler = async (event) => {
  const { operation, payload } = JSON.parse(event.body);
  if (["get", "query"].includes(operation)) return dynamo[operation]({ TableName: "a", Key: { id: payload.id } }).promise();
  return dynamo[operation](payload).promise(); // flow: target body.operation
};
// === addresses: a part that was taken out of an address is a check of it
const axios = require("axios");
exports.handler = async (event) => {
  const { address, other } = JSON.parse(event.body);
  const { hostname, protocol } = new URL(address);
  if (hostname !== "hooks.example.com" || protocol !== "https:") return null;
  await axios.post(address, {});
  await axios.post(other, {}); // flow: host body.other
};
// === statements: what joins tables, and what formats values
const pgp = require("pg-promise")();
const { DataSource } = require("typeorm");
const shell = require("shelljs");
const db = pgp(process.env.PG);
const source = new DataSource({ type: "mysql" });
exports.handler = async (event) => {
  const { id, name } = event.queryStringParameters;
  await source.createQueryBuilder("a", "a").leftJoinAndSelect("a.b", "b", `b.id = ${id}`).getMany(); // flow: sql queryStringParameters.id
  await source.createQueryBuilder("a", "a").leftJoinAndSelect("a.b", "b", "b.id = :id", { id }).getMany();
  await db.one(pgp.as.format("select 1 where a = $1", [name]));
  shell.rm("-rf", `/tmp/${name}`); // flow: path queryStringParameters.name
};
// === secrets: variables under whose names secrets stand are not for the log
exports.handler = async (event) => {
  console.log("key", process.env.JWT_SECRET); // flow: log JWT_SECRET
  console.log(`password ${process.env.DB_PASSWORD} of ${process.env.STAGE}`); // flow: log DB_PASSWORD
  console.log({ key: process.env.API_KEY }); // flow: log API_KEY
  console.log(process.env.SECRET_ARN, process.env.DB_SECRET, process.env.TOKEN_TABLE);
  console.log(process.env.PARAMETER_WEBHOOK_SECRET);
};
// === statements: templates that keep what is put in apart
const SQL = require("sql-template-strings");
const mysql = require("promise-mysql");
exports.handler = async (event) => {
  const { author, by } = event.queryStringParameters;
  const connection = await mysql.createConnection(process.env.DB);
  const query = SQL`SELECT * FROM books WHERE author = ${author}`;
  query.append(" ORDER BY " + by); // flow: sql queryStringParameters.by
  return connection.query(SQL`SELECT * FROM books WHERE author = ${author}`);
};
// === secrets: what is taken out of an object is not in the rest of it
const { SecretsManagerClient, GetSecretValueCommand } = require("@aws-sdk/client-secrets-manager");
const client = new SecretsManagerClient({});
exports.handler = async () => {
  const found = await client.send(new GetSecretValueCommand({ SecretId: "db" }));
  const settings = { key: found.SecretString, zip: "1000" };
  const { key, ...others } = settings;
  console.log(others);
  const { zip, ...left } = settings;
  console.log(left); // flow: log db
};
// === a browser is given a page
const puppeteer = require("puppeteer");
const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
exports.handler = async (event) => {
  const browser = await puppeteer.launch();
  const page = await browser.newPage();
  await page.setContent(`<pre>${event.body}</pre>`); // flow: host body
  await page.setContent(`<pre>${escaped(event.body)}</pre>`);
};
