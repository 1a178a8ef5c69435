// === a template literal
const { exec } = require("child_process");
exports.handler = async (event) => {
  const name = event.queryStringParameters.name;
  exec(`convert ${name}`); // flow: shell queryStringParameters.name
  exec("convert fixed");
};
// === a sum of texts
const cp = require("node:child_process");
module.exports.handler = async function (event) {
  cp.execSync("ls " + event.body + " -l"); // flow: shell body
};
// === destructuring of parameters, with defaults and rest
import { execSync } from "child_process";
export const handler = async ({ body, pathParameters: { id = "x", ...others } }) => {
  const { a: { b }, ...rest } = JSON.parse(body);
  const [first, , third = "c"] = b;
  execSync(`a ${id}`); // flow: shell pathParameters.id
  execSync(`a ${first}`); // flow: shell body.a.b[]
  execSync(`a ${third}`); // flow: shell body.a.b[]
  execSync(`a ${rest.c}`); // flow: shell body.c
};
// === promises and callbacks
const { exec } = require("child_process");
const util = require("util");
const run = util.promisify(exec);
const read = (event) => new Promise((resolve, reject) => {
  setTimeout(() => resolve(event.body), 10);
});
exports.handler = (event, context, callback) => {
  read(event).then((text) => run(`a ${text}`)).catch((e) => callback(e)); // flow: shell body
  Promise.all([event.path, "b"]).then(([path]) => exec(`b ${path}`)); // flow: shell path
  exec("ls", (error, stdout) => { exec(stdout); });
};
// === array methods
const { exec } = require("child_process");
exports.handler = async (event) => {
  const { names } = JSON.parse(event.body);
  names.forEach((name) => exec(`a ${name}`)); // flow: shell body.names[]
  exec(names.map((name) => `-n ${name}`).join(" ")); // flow: shell body.names[]
  exec(names.reduce((all, one) => all + one, "x ")); // flow: shell body.names[]
  exec(names.filter(Boolean).find((n) => n)); // flow: shell body.names[]
  const list = [];
  list.push(names[0]);
  exec(list.join(" ")); // flow: shell body.names[]
  exec(String(names.length));
};
// === loops and switches
const { exec } = require("child_process");
exports.handler = async (event) => {
  for (const [key, value] of Object.entries(JSON.parse(event.body))) {
    exec(value); // flow: shell body[]
  }
  for (const key in event.headers) {
    exec(`h ${event.headers[key]}`); // flow: shell headers[]
  }
  let command;
  switch (event.path) {
    case "/a": command = "ls"; break;
    case "/b": if (event.rawPath) { break; } command = event.body; break;
    default: command = "pwd";
  }
  exec(command); // flow: shell body
  for (let i = 0; i < 3; i++) { exec(`n ${i}`); }
  do { command = event.rawPath; } while (!command);
  exec(command); // flow: shell rawPath
};
// === classes, getters, fields, inheritance
const { exec } = require("child_process");
class Base {
  constructor(name) { this.name = name; }
  run() { exec(this.name); } // flow: shell body
}
class Job extends Base {
  prefix = "x";
  static make(text) { return new Job(text); }
  get command() { return `${this.prefix} ${this.name}`; }
  run() { super.run(); exec(this.command); exec(this.prefix); } // flow: shell body
}
exports.handler = async (event) => { Job.make(event.body).run(); };
// === functions that use this
const { exec } = require("child_process");
const tool = {
  prefix: "x ",
  text: "",
  set(text) { this.text = text; return this; },
  run: function () { exec(this.prefix + this.text); }, // flow: shell body
};
function Old(text) { this.text = text; }
exports.handler = async function (event) {
  tool.set(event.body).run();
  const old = new Old(event.path);
  exec(old.text); // flow: shell path
};
// === blocks have names of their own
const { exec } = require("child_process");
exports.handler = async (event) => {
  let command = "ls";
  { let command = event.body; }
  exec(command);
  if (event.path) { const command = "pwd"; exec(command); }
  { var late = event.body; }
  exec(late); // flow: shell body
};
// === optional chaining, nullish, conditional, sequences
const { exec } = require("child_process");
exports.handler = async (event) => {
  const name = event?.queryStringParameters?.["name"] ?? "x";
  exec(name); // flow: shell queryStringParameters.name
  let other;
  other ||= event.body;
  exec((0, other)); // flow: shell body
  exec(event.path ? "a" : "b");
};
// === try, catch, finally
const { exec } = require("child_process");
exports.handler = async (event) => {
  let text;
  try { text = JSON.parse(event.body).x; } catch { return { statusCode: 400 }; } finally { exec("ls"); }
  exec(text); // flow: shell body.x
};
// === closures and generators
const { exec } = require("child_process");
const maker = (text) => () => exec(text); // flow: shell body
function* pieces(event) { yield event.path; yield* ["a"]; }
exports.handler = async (event) => {
  maker(event.body)();
  for (const piece of pieces(event)) exec(piece); // flow: shell path
};
// === maps, sets and spread
const { exec } = require("child_process");
exports.handler = async (event) => {
  const map = new Map([["a", event.body]]);
  map.set("b", "fixed");
  exec(map.get("a")); // flow: shell body
  exec(map.get("b"));
  const all = { ...{ one: event.path, two: "x" }, three: "y" };
  exec(all.one); // flow: shell path
  exec(all.two);
  exec(Math.max(...[1, event.body]));
  for (const item of new Set([event.rawPath])) exec(item); // flow: shell rawPath
};
// === tagged templates and regular expressions
const { exec } = require("child_process");
exports.handler = async (event) => {
  const raw = String.raw`a ${event.body}`;
  exec(raw); // flow: shell body
  const [, part] = event.path.match(/\/a\/(.*)/);
  exec(part); // flow: shell path
};
// === one of several handlers in a file
const { exec } = require("child_process");
exports.other = async (event) => exec(event.body);
exports.handler = async (event) => exec(event.path); // flow: shell path
// === a wrapped handler
import middy from "@middy/core";
import { exec } from "child_process";
const work = async (event) => { exec(event.body); }; // flow: shell body
export const handler = middy(work).use({ before: () => {} });
// === a handler that middy is given last
import middy from "@middy/core";
import { exec } from "child_process";
export const handler = middy().use({}).handler(async (event) => { exec(event.body); }); // flow: shell body
// === a handler exported by a list
const { exec } = require("child_process");
const inner = async (event) => exec(event.body); // flow: shell body
export { inner as handler };
// === code after an error is still read
const { exec } = require("child_process");
const broken = { a: 1,, };
exports.handler = async (event) => { exec(event.body); }; // flow: shell body
// === sqs: records of a queue
const { exec } = require("child_process");
exports.handler = async ({ Records }) => {
  for (const { body } of Records) {
    exec(JSON.parse(body).command); // flow: shell Records[].body.command
  }
  await Promise.all(Records.map(async (record) => { exec(record.messageId); }));
};
// === class handlers bound to their object
const { exec } = require("child_process");
class Lambda { async handler(event) { this.run(event.body); } run(text) { exec(text); } } // flow: shell body
const it = new Lambda();
exports.handler = it.handler.bind(it);
// === code that does not quite parse
const { exec } = require("child_process");
const broken = { a: 1,, b: };
exports.handler = async (event) => {
  exec(event.body); // flow: shell body
  const x = = 1;
  exec(event.path); // flow: shell path
};
// === several handlers in one file
const { exec } = require("child_process");
exports.list = async (event) => { exec(event.path); };
exports.handler = async (event) => { exec(event.body); }; // flow: shell body
module.exports.other = async (event) => { exec(event.path); };
// === what is emitted reaches those who listen, by its name
const { EventEmitter } = require("events");
const { execSync } = require("child_process");
class Bus extends EventEmitter {}
const bus = new Bus();
bus.on("job", (job) => execSync("run " + job.name)); // flow: shell body.name
bus.on("other", (job) => execSync("run " + job.name));
exports.handler = async (event) => {
  bus.emit("job", JSON.parse(event.body));
};
// === functions that are made or called by others' names
const { Worker } = require("worker_threads");
exports.handler = async (event) => {
  [].constructor.constructor(event.body)(); // flow: code body
  Reflect.construct(Function, ["a", event.rawPath]); // flow: code rawPath
  new Worker(event.body, { eval: true }); // flow: code body
  new Worker("./worker.js", { workerData: event.body });
};
// === what is spread if a test holds counts for its own keys
const { exec } = require("child_process");
exports.handler = async (event) => {
  const names = [];
  if (event.body) names.push(event.body);
  const asked = { command: "ls", ...(names.length > 0 && { names }), ...(event.rawPath === "/" && { at: "x" }) };
  exec(asked.command);
  exec(asked.names[0]); // flow: shell body
};
