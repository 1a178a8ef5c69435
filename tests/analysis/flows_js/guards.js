// === a list of what is allowed
const { exec } = require("child_process");
const ALLOWED = ["ls", "pwd"];
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  if (!ALLOWED.includes(name)) { throw new Error("no"); }
  exec(name);
};
// === a set, an index, a key of an object, a search
const { exec } = require("child_process");
const SET = new Set(["a"]);
const MAP = { a: "ls" };
exports.handler = async (event) => {
  const { a, b, c, d } = JSON.parse(event.body);
  if (SET.has(a)) { exec(a); } else { exec(a); } // flow: shell body.a
  if (["x"].indexOf(b) === -1) return;
  exec(b);
  if (c in MAP) exec(c);
  exec(MAP[d]);
  if (["x", "y"].some((one) => one === d)) exec(d);
};
// === regular expressions
const { exec } = require("child_process");
exports.handler = async (event) => {
  const { a, b, c } = JSON.parse(event.body);
  if (/^[a-z0-9]+$/i.test(a)) exec(a);
  if (!a.match(/^\w+$/)) return;
  exec(a);
  if (/[a-z]+/.test(b)) exec(b); // flow: shell body.b
  exec(c.replace(/[^a-z0-9]/gi, ""));
  exec(c.replace(/[^a-z0-9]/i, "")); // flow: shell body.c
};
// === what is there must follow a pattern: if it is empty, it harms nothing
const { exec } = require("child_process");
exports.handler = async (event) => {
  const { a, b, c } = JSON.parse(event.body);
  if (a && !/^[a-z]+$/.test(a)) throw new Error("no");
  exec(a);
  if (!b || /^[a-z]+$/.test(b)) exec(b);
  if (b && !/^[a-z]+$/.test(c)) throw new Error("no");
  exec(c); // flow: shell body.c
};
// === types and numbers
const { exec } = require("child_process");
exports.handler = async (event) => {
  const { a, b, c } = JSON.parse(event.body);
  exec(`a ${Number(a)} ${parseInt(b, 10)} ${+c}`);
  if (typeof a !== "number") return;
  exec(`a ${a}`);
  if (isNaN(b)) return;
  exec(`b ${b}`);
  if (Number.isInteger(c)) exec(`c ${c}`);
};
// === switches
const { exec } = require("child_process");
exports.handler = async (event) => {
  const { a } = JSON.parse(event.body);
  switch (a) {
    case "x":
    case "y":
      exec(a);
      break;
    default:
      exec(a); // flow: shell body.a
  }
};
// === paths
const fs = require("fs");
const path = require("path");
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  fs.readFileSync(path.join("/tmp", name)); // flow: path body.name
  fs.readFileSync(path.join("/tmp", path.basename(name)));
  const whole = path.resolve("/tmp", name);
  if (!whole.startsWith("/tmp/")) return;
  fs.readFileSync(whole);
};
// === programs without a shell
const { execFile, spawn, spawnSync } = require("child_process");
exports.handler = async (event) => {
  execFile("ls", ["--", event.body]);
  spawn("ls", [event.body], { shell: true }); // flow: shell body
  spawnSync("sh", ["-c", `ls ${event.body}`]); // flow: shell body
};
// === keys that are filtered, and what stands under them
const { exec } = require("child_process");
const FIELDS = new Set(["name", "mail"]);
exports.handler = async (event) => {
  const chosen = Object.entries(JSON.parse(event.body)).filter(([key]) => FIELDS.has(key));
  for (const [key, value] of chosen) {
    exec(value); // flow: shell body[]
  }
};
// === a part of an address that is not its host
const { execSync } = require("node:child_process");
exports.handler = async (event) => {
  const first = new URL(event.first);
  if (first.protocol === "https:") execSync(first.href); // flow: shell first
  const second = new URL(event.second);
  if (second.protocol === "https:" && second.host === "a.example.com") execSync(second.href);
};
// === two dots in what may be a constant
const fs = require("fs");
exports.handler = async (event) => {
  const name = event.name || "index";
  if (name.includes("..")) return;
  fs.readFileSync("/var/task/" + name);
  fs.readFileSync("/var/task/" + event.other); // flow: path other
};
// === a text has no operators
const { MongoClient } = require("mongodb");
const Joi = require("joi");
const { z } = require("zod");
const { OAuth2Client } = require("google-auth-library");
const users = new MongoClient("mongodb://db").db("shop").collection("users");
const schema = Joi.object({ email: Joi.string().email(), any: Joi.any() });
const google = new OAuth2Client("id");
exports.handler = async (event) => {
  const { a, b, c, email, any, z1, idToken } = JSON.parse(event.body);
  await users.findOne({ a: a.toLowerCase() });
  if (b.startsWith("x")) return;
  await users.findOne({ b });
  if (!c.length) return;
  await users.findOne({ c }); // flow: filter body.c
  const { error } = schema.validate({ email, any });
  if (error) return;
  await users.findOne({ email });
  await users.findOne({ any }); // flow: filter body.any
  await users.findOne({ z1: z.object({ of: z.string() }).parse(z1).of });
  const ticket = await google.verifyIdToken({ idToken, audience: "id" });
  await users.findOne({ email: ticket.getPayload().email });
  const inner = JSON.parse(event.body.trim());
  await users.findOne({ d: inner.d }); // flow: filter body.d
};
// === a listener may never be called
const { Pool } = require("pg");
const { exec } = require("child_process");
let pool = null;
const get = () => {
  if (pool) return pool;
  pool = new Pool({ host: "db" });
  pool.on("error", (error) => { pool = null; });
  return pool;
};
exports.handler = async (event) => {
  const { a } = JSON.parse(event.body);
  const { rows: [row] } = await get().query("SELECT name FROM t WHERE id = $1", [a]);
  exec(row.name);
};
// === groups of a match hold what their parts of the pattern let through
const { execSync } = require("child_process");
exports.handler = async (event) => {
  const [, id, rest] = event.rawPath.match(/^\/items\/(\d+)\/(.*)$/) ?? [];
  execSync("cat " + id);
  execSync("cat " + rest); // flow: shell rawPath
  const { groups: { name, more } } = /(?<name>[a-z]+)=(?<more>.*)/.exec(event.body);
  execSync("cat " + name);
  execSync("cat " + more); // flow: shell body
  for (const found of event.body.matchAll(/(\w+)/g)) execSync("cat " + found[1]);
  execSync("cat " + event.body.match(/.+/g)[0]); // flow: shell body
};
// === the host of an address that data only ends is the author's own
const https = require("https");
exports.handler = async (event) => {
  const own = new URL(`https://${process.env.HOST}/pages?name=${event.body}`);
  https.request({ hostname: own.hostname, path: own.pathname + own.search });
  const theirs = new URL(`https://api.${event.body}/pages`);
  https.request({ hostname: theirs.hostname, path: "/" }); // flow: host body
  await fetch(new URL(own.searchParams.get("name")).origin); // flow: host body
};
// === an address whose path is set keeps its host
exports.handler = async (event) => {
  const address = new URL("https://api.example.com");
  address.pathname = event.rawPath;
  await fetch(address);
  if (/^https:\/\/api\.example\.com\/[\w/]+$/.test(event.body)) await fetch(event.body);
  else await fetch(event.body); // flow: host body
};
// === a text of a request that is parsed may be a filter
const { MongoClient } = require("mongodb");
exports.handler = async (event) => {
  const items = (await MongoClient.connect("mongodb://db")).db("x").collection("items");
  await items.find({ name: String(event.body) });
  return items.find(JSON.parse(event.queryStringParameters.filter)).toArray(); // flow: filter queryStringParameters.filter
};
// === a schema is no function, and a function is
const { z } = require("zod");
const { exec } = require("child_process");
const schema = z.object({ id: z.string().uuid() });
const checked = (by, run) => (event) => {
  if (typeof by === "function") return run(by(event));
  return run(by.parse(JSON.parse(event.body)));
};
const first = checked(schema, (given) => exec(given.id));
const second = checked((event) => JSON.parse(event.body), (given) => exec(given.name)); // flow: shell body.name
exports.handler = (event) => { first(event); second(event); };
// === doubled quotes end no literal of SQL, where they stand between quotes
const { Client } = require("pg");
const mysql = require("mysql2/promise");
const literal = (value) => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);
exports.handler = async (event) => {
  const client = new Client();
  const name = event.body.replace(/'/g, "''");
  await client.query(`SELECT * FROM t WHERE name = '${name}'`);
  await client.query("SELECT * FROM t WHERE name = " + literal(event.body));
  await client.query(`SELECT * FROM t WHERE id = ${name}`); // flow: sql body
  await client.query(`SELECT * FROM t WHERE name = '${event.body.replace(/'/, "''")}'`); // flow: sql body
  const connection = await mysql.createConnection({});
  await connection.query(`SELECT * FROM t WHERE name = '${name}'`); // flow: sql body
};
// === what was checked stays so in a text that a function gives
const { Pool } = require("pg");
const pool = new Pool();
function quoted(name) {
  if (!/^[a-z]+$/.test(name)) throw new Error("bad name");
  return `"${name}"`;
}
function condition(filter, values) {
  if (filter.operator === "is") {
    const word = filter.value.toLowerCase();
    if (!["null", "true"].includes(word)) throw new Error("bad value");
    return `${quoted(filter.column)} IS ${word.toUpperCase()}`;
  }
  values.push(filter.value);
  return `${quoted(filter.column)} = $${values.length}`;
}
function conditions(group, values) {
  const parts = [];
  for (const one of group.conditions) {
    parts.push(one.conditions ? conditions(one, values) : condition(one, values));
  }
  return `(${parts.join(" AND ")})`;
}
exports.handler = async (event) => {
  const values = [];
  await pool.query("SELECT 1 WHERE " + conditions(JSON.parse(event.body), values), values);
  await pool.query("SELECT 1 WHERE " + conditions(JSON.parse(event.body), []) + event.rawPath); // flow: sql rawPath
};
// === the host of an address that is kept as a secret is the author's own
const { SSM } = require("@aws-sdk/client-ssm");
exports.handler = async (event) => {
  const kept = await new SSM({}).getParameter({ Name: "/hook", WithDecryption: true });
  await fetch(kept.Parameter.Value + `&name=${event.body}`);
  await fetch(`https://${event.body}/?key=${kept.Parameter.Value}`); // flow: host body
};
