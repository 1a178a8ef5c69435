// === koa: a text is a page where its type says so, or where it begins as one
const Koa = require("koa");
const Router = require("@koa/router");
const serverless = require("serverless-http");
const app = new Koa();
const router = new Router();
router.get("/a/:who", async (ctx) => {
  ctx.type = "html";
  ctx.body = "hi " + ctx.params.who; // flow: page pathParameters.who
});
router.get("/b", (ctx) => {
  ctx.body = `<p>${ctx.query.q}</p>`; // flow: page queryStringParameters.q
});
router.get("/c", (ctx) => {
  ctx.type = "text/plain";
  ctx.body = `<p>${ctx.query.q}</p>`;
});
router.get("/d", (ctx) => {
  ctx.body = { q: ctx.query.q };
});
app.use(router.routes());
module.exports.handler = serverless(app);
// === hapi: a text is a page, given back or in a response
const Hapi = require("@hapi/hapi");
const server = Hapi.server();
server.route({ method: "GET", path: "/a", handler: (request, h) => `<b>${request.query.a}</b>` }); // flow: page queryStringParameters.a
server.route([{ method: "GET", path: "/b", handler: (request, h) => h.response("<b>" + request.query.b).type("text/html") }]); // flow: page queryStringParameters.b
server.route({ method: "GET", path: "/c", handler: (request, h) => h.response("<b>" + request.query.c).type("text/plain") });
server.route({ method: "POST", path: "/d", handler: (request) => ({ d: request.payload.d }) });
module.exports.handler = require("serverless-http")(server);
// === fastify: what is given back is a page where the type says so
const app = require("fastify")();
app.post("/a", (request, reply) => { // flow: page body.text
  reply.header("Content-Type", "text/html");
  return "<div>" + request.body.text + "</div>";
});
app.get("/b", async (request) => "hi " + request.query.name);
exports.handler = require("@fastify/aws-lambda")(app);
// === express: what is written without a type is guessed to be a page where it begins as one
const app = require("express")();
app.get("/a", (req, res) => {
  res.write("<b>" + req.query.q + "</b>"); // flow: page queryStringParameters.q
  res.end();
});
app.get("/b", (req, res) => res.end(req.query.q));
module.exports.handler = require("serverless-http")(app);
// === hono: raw text is put into a page as it is
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { html, raw } from "hono/html";
const app = new Hono();
app.get("/a/:id", (c) => c.html(html`<p>${raw(c.req.param("id"))}</p>`)); // flow: page pathParameters
app.get("/b/:id", (c) => c.html(html`<p>${c.req.param("id")}</p>`));
export const handler = handle(app);
// === function-url: a stream is a page where its metadata says so
export const handler = awslambda.streamifyResponse(async (event, responseStream, context) => {
  const head = { statusCode: 200, headers: { "Content-Type": "text/html" } };
  responseStream = awslambda.HttpResponseStream.from(responseStream, head);
  responseStream.write(`<p>${event.queryStringParameters.q}</p>`); // flow: page queryStringParameters.q
  responseStream.end();
});
// === function-url: a stream of another type is none
export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  responseStream.setContentType("application/json");
  responseStream.write(`<p>${event.queryStringParameters.q}</p>`);
  responseStream.end();
});
