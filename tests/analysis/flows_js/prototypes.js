// === a method of what all objects share that a function makes
const { execSync } = require("child_process");
function Runner(shell) { this.shell = shell; }
Runner.prototype.run = function (name) { return execSync(this.shell + name); }; // flow: shell body.name
Runner.prototype.safe = function (name) { return execSync(this.shell); };
const runner = new Runner("ls ");
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  runner.safe(name);
  return runner.run(name);
};

// === what the object was made with
const { execSync } = require("child_process");
function Job(event) { this.name = JSON.parse(event.body).name; }
Job.prototype = {
  run: function () { execSync(this.name); }, // flow: shell body.name
};
exports.handler = async (event) => new Job(event).run();

// === a function that does not say this
const { execSync } = require("child_process");
function Runner() {}
Runner.prototype.run = (name, ...others) => execSync(name); // flow: shell body.name
exports.handler = async (event) => new Runner().run(JSON.parse(event.body).name, "x");

// === what a function inherits
const { execSync } = require("child_process");
function Base() {}
Base.prototype.run = function (name) { execSync(name); }; // flow: shell body.name
function Job() { Base.call(this); }
Job.prototype = Object.create(Base.prototype);
Job.prototype.constructor = Job;
exports.handler = async (event) => new Job().run(JSON.parse(event.body).name);

// === what a function inherits by Node's own way
const util = require("util");
const { execSync } = require("child_process");
function Base() {}
Base.prototype.run = function (name) { execSync(name); }; // flow: shell body.name
function Job() {}
util.inherits(Job, Base);
exports.handler = async (event) => new Job().run(JSON.parse(event.body).name);

// === what shares what others share
const { execSync } = require("child_process");
function Base() {}
Base.prototype.run = function (name) { execSync(name); }; // flow: shell body.name
class Job {}
Object.setPrototypeOf(Job.prototype, Base.prototype);
exports.handler = async (event) => new Job().run(JSON.parse(event.body).name);

// === a method that a class is given later
const { execSync } = require("child_process");
class Job {}
Job.prototype.run = function (name) { execSync(name); }; // flow: shell body.name
exports.handler = async (event) => new Job().run(JSON.parse(event.body).name);

// === a property of a function
const { execSync } = require("child_process");
function tools() {}
tools.run = (name) => execSync(name); // flow: shell body.name
tools.kept = "ls";
tools.all = function () { execSync(this.kept); };
exports.handler = async (event) => {
  tools.all();
  tools.run(JSON.parse(event.body).name);
};

// === two functions keep what they share apart
const { execSync } = require("child_process");
function One() {}
function Two() {}
One.prototype.run = function (name) { execSync(name); };
Two.prototype.run = function (name) { return name; };
exports.handler = async (event) => new Two().run(JSON.parse(event.body).name);
