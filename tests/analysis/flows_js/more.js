// === hono and other routers
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { exec } from "child_process";
const app = new Hono();
app.get("/:id", (c) => { exec(c.req.param("id")); return c.text("ok"); }); // flow: shell pathParameters
export const handler = handle(app);
// === fastify
const fastify = require("fastify");
const awsLambdaFastify = require("@fastify/aws-lambda");
const { exec } = require("child_process");
const app = fastify();
app.post("/x", async (request, reply) => { exec(request.body.name); }); // flow: shell body.name
exports.handler = awsLambdaFastify(app);
// === fastify checks requests against the schemas of a route
const app = require("fastify")();
const { exec } = require("child_process");
const params = { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } };
app.get("/:id/:name", { schema: { params } }, async (request) => {
  exec("show " + request.params.id);
  exec("show " + request.params.name); // flow: shell pathParameters.name
});
app.get("/plain/:id", async (request) => { exec("show " + request.params.id); }); // flow: shell pathParameters.id
exports.handler = require("@fastify/aws-lambda")(app);
// === a router of express in another variable
const { Router } = require("express");
const serverlessExpress = require("@vendia/serverless-express");
const { execSync } = require("child_process");
const router = Router();
router.route("/a").post((req, res) => { execSync(req.query.q); }); // flow: shell queryStringParameters.q
const app = require("express")();
app.use("/b", router);
exports.handler = serverlessExpress({ app });
// === sqs: batches of Powertools
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { execSync } from "child_process";
const processor = new BatchProcessor(EventType.SQS);
const one = async (record) => { execSync(record.body); }; // flow: shell Records[].body
export const handler = async (event, context) =>
  processPartialResponse(event, one, processor, { context });
// === loggers of Powertools
import { Logger } from "@aws-lambda-powertools/logger";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
const logger = new Logger({ serviceName: "x" });
export const handler = async () => {
  const secret = await getSecret("prod/key");
  logger.info("got it", { secret }); // flow: log prod/key
};
// === s3: streams and events of streams
const AWS = require("aws-sdk");
const s3 = new AWS.S3();
const { execSync } = require("child_process");
exports.handler = async (event) => {
  const { bucket, object: { key } } = event.Records[0].s3;
  const stream = s3.getObject({ Bucket: bucket.name, Key: key }).createReadStream();
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  await new Promise((resolve) => stream.on("end", resolve));
  execSync(Buffer.concat(chunks).toString()); // flow: shell the content of the object
};
// === graphql-api: arguments of a resolver
import { execSync } from "child_process";
export const handler = async ({ arguments: { id }, info }) => {
  execSync(id); // flow: shell arguments.id
  execSync(info.fieldName);
};
// === dynamodb-stream: images of items
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { execSync } from "child_process";
export const handler = async (event) => {
  for (const record of event.Records) {
    const item = unmarshall(record.dynamodb.NewImage);
    execSync(item.name); // flow: shell Records[].dynamodb.NewImage.name
  }
};
// === sns: a message with a message
import { execSync } from "child_process";
export const handler = async ({ Records: [record] }) => {
  const { a } = JSON.parse(record.Sns.Message);
  execSync(a); // flow: shell Records[].Sns.Message.a
};
// === kinesis: data in base64
import { execSync } from "child_process";
export const handler = async (event) => {
  for (const { kinesis } of event.Records) {
    const { a } = JSON.parse(Buffer.from(kinesis.data, "base64").toString("utf8"));
    execSync(a); // flow: shell Records[].kinesis.data.a
  }
};
// === dynamodb-stream: an empty object in place of a field is no way to what is around it
const { execSync } = require("child_process");
exports.handler = async (event) => {
  for (const record of event.Records || []) {
    const { NewImage: image = {} } = record.dynamodb ?? {};
    const name = (image.name || {}).S;
    execSync(name); // flow: shell Records[].dynamodb.NewImage.name.S
  }
};
// === what is written into one field of a library's object is not in its others
const { execSync } = require("child_process");
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
exports.handler = async (event) => {
  const { Item: item } = await client.send(new GetItemCommand({ TableName: "other", Key: {} }));
  item.name = event.body;
  execSync(item.id);
  execSync(item.name); // flow: shell body
  execSync(JSON.stringify(item)); // flow: shell body
// === lists that may be missing
const { execSync } = require("node:child_process");
exports.handler = async (event) => {
  const cookies = Object.fromEntries((event.cookies || []).map((one) => one.split("=")));
  execSync(cookies.theme); // flow: shell cookies[]
  for (const file of event.jobs.flatMap(({ files = [] }) => files.map((one) => one.name))) {
    execSync(file); // flow: shell jobs[].files[].name
  }
};
// === a function that a connection calls
const { execSync } = require("node:child_process");
const connection = require("mysql").createConnection({});
exports.handler = (event, context, done) => {
  connection.beginTransaction((error) => {
    execSync(event.command); // flow: shell command
    done(error);
  });
};
// === what an object mapper finds is not what it is asked for
const { execSync } = require("child_process");
const { orders } = require("shop-models");
exports.handler = async (event) => {
  const order = await orders.findOne({ where: { id: event.body } });
  execSync(order.name);
  execSync(orders.describe(event.body)); // flow: shell body
};
// === a name that the author begins leads through no folder
const fs = require("fs");
const path = require("path");
exports.handler = async (event) => {
  const name = event.body;
  fs.readFileSync(`/tmp/photo_${name}.png`);
  fs.readFileSync(`/tmp/${name}.png`); // flow: path body
  fs.readFileSync(`/tmp/photo_${name}/a.png`); // flow: path body
  fs.readFileSync(path.join("/tmp", `photo_${name}.png`)); // flow: path body
};
// === a route that always throws keeps nothing from the others
const { execSync } = require("node:child_process");
const app = require("express")();
app.get("/broken", () => { throw new Error("not yet"); });
app.get("/run", (request, response) => {
  response.send(execSync(request.query.command)); // flow: shell queryStringParameters.command
});
exports.handler = require("serverless-http")(app);
// === a statement that code which was not read is given is run
const { runQuery } = require("/opt/nodejs/db");
const db = require("our-db");
exports.handler = async (event) => {
  await runQuery(`SELECT * FROM t WHERE id = '${event.body}'`); // flow: sql body
  const connection = await db.getConnection();
  await connection.execute("DELETE FROM t WHERE id = " + event.rawPath); // flow: sql rawPath
  await db.query("SELECT * FROM t WHERE id = ?", [event.body]);
  db.describe(`SELECT * FROM t WHERE id = '${event.body}'`);
};
