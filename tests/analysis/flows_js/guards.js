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
