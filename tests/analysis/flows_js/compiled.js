// === what the TypeScript compiler writes
"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = void 0;
const child_process_1 = require("child_process");
const fs_1 = __importDefault(require("fs"));
const handler = async (event) => {
    (0, child_process_1.exec)(`a ${event.body}`); // flow: shell body
    fs_1.default.readFileSync(event.path); // flow: path path
};
exports.handler = handler;
// === packages that the TypeScript compiler and esbuild wrap: they do what they do
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) { return []; };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        return result;
    };
})();
const jwt = __importStar(require("jsonwebtoken"));
const bcryptjs_1 = __importDefault(require("bcryptjs"));
const import_child_process = __toESM(require("child_process"), 1);
const aws = tslib_1.__importStar(require("@aws-sdk/client-secrets-manager"));
const client = new aws.SecretsManagerClient({});
exports.handler = async (event) => {
    import_child_process.default.exec(event.body); // flow: shell body
    bcryptjs_1.default.hashSync(event.body, 10);
    const found = await client.send(new aws.GetSecretValueCommand({ SecretId: "key" }));
    console.log(found.SecretString); // flow: log key
    const token = jwt.sign({ a: 1 }, found.SecretString, {});
    return { statusCode: 200, body: JSON.stringify({ token }) };
};
// === what esbuild writes
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var app_exports = {};
__export(app_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(app_exports);
var import_child_process = require("child_process");
var handler = async (event) => {
  (0, import_child_process.exec)(`a ${event.body}`); // flow: shell body
};
// === one export of another module
const inner = { handler: async (event) => require("child_process").exec(event.body) }; // flow: shell body
module.exports = { ...inner, other: 1 };
// === exports that are assigned at once
const { execSync } = require("child_process");
exports = module.exports = {};
Object.assign(exports, { handler: (event) => execSync(event.body) }); // flow: shell body
// === a wrapper with options
const { execSync } = require("child_process");
const wrap = require("some-wrapper");
async function main(event) { execSync(event.body); } // flow: shell body
exports.handler = wrap(main, { a: 1 });
// === a wrapper of the application's own
const { execSync } = require("child_process");
const withErrors = (inner) => async (...args) => {
  try { return await inner(...args); } catch (error) { return { statusCode: 500 }; }
};
exports.handler = withErrors(async (event) => execSync(event.body)); // flow: shell body
// === several steps of async
const { execSync } = require("child_process");
const async_ = require("async");
exports.handler = (event, context, callback) => {
  async_.waterfall([
    (next) => next(null, "fixed"),
    (text, next) => { execSync(event.body); next(); }, // flow: shell body
  ], callback);
};
