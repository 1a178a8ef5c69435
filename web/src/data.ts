// What the report holds, as stockade wrote it: see `content` in reports/html/content.py.
// Everything scanned is a text; things name each other by number.

/** Path, line and perhaps column; null for what no file states. */
export type Place = [string, number, number?] | null;

export interface Node {
  kind: string;
  label: string;
  type?: string;
  at?: [string, number];
  stack?: string;
  exposure?: number;
}

export interface Edge {
  from: number;
  to: number;
  kind: "sends" | "opens" | "names";
  told?: string[];
  exposure?: number;
  wide?: boolean;
}

export interface Entry {
  type: string;
  told: string;
  exposure: number;
  why: string[];
  at: Place;
}

export interface Function {
  node: number;
  runtime: string;
  handler: string;
  events: Entry[];
  environment: [string, string][] | string;
  role: number | null;
  role_told: string;
  policies: string[];
  should_be: ShouldBe | null;
  radius: Radius | null;
}

/** What is lost if the code of a function is taken over, and the nodes of it that are drawn. */
export interface Radius {
  lost: [string, string][];
  more: number;
  unknown: string[];
  nodes: number[];
}

/** What the role should have been: every permission that is needed, lacking or too much. */
export interface ShouldBe {
  rows: ["needed" | "missing" | "too much", string, string, string, Place][];
  more: number;
  unknown: [string, Place][];
  proved: boolean;
  policy: string;
}

export interface Statement {
  policy: string;
  from: string;
  allows: boolean;
  actions: string[];
  resources: string[];
  conditional: boolean;
  at: Place;
}

export interface Application {
  name: string;
  templates: string[];
  nodes: Node[];
  edges: Edge[];
  functions: Function[];
  roles: { name: string; statements: Statement[] }[];
}

export interface Step {
  notes: string[];
  at: Place;
  /** The source line in pieces; 1 marks those that the step is about. */
  code: [string, 0 | 1][];
  node: number | null;
  edge: number | null;
}

export interface Finding {
  rule: number | null;
  application: number | null;
  severity: number;
  exposure: number;
  confidence: string;
  message: string;
  help: string;
  at: Place;
  node: number | null;
  steps: Step[];
  fingerprint: string;
  ignore: string;
  also: { message: string; at: Place }[];
  reason?: string;
  /** Of attack paths only: what closes it, what stands on it, and the nodes that it ends at. */
  cuts?: Cut[];
  controls?: string[];
  ends?: number[];
}

export interface Cut {
  does: string;
  help: string;
  at: Place;
  also: Place[];
  code: Step["code"];
}

export interface Rule {
  id: string;
  title: string;
  practice: string;
  cwe: number[];
}

export interface Report {
  stockade: string;
  root: string;
  exposures: string[];
  rules: Rule[];
  applications: Application[];
  findings: Finding[];
  paths: Finding[];
  ignored: Finding[];
  stale: { rule: string; fingerprint: string; reason: string; at: Place }[];
  unseen: { kind: string; why: string; at: Place }[];
  failures: { rule: string; application: string; error: string }[];
}

export const SEVERITIES = ["", "low", "medium", "high", "critical"];

/** Exposures from which on someone outside of the application can send. */
export const OUTSIDE = 2;

export const report: Report = JSON.parse(document.getElementById("report")!.textContent!);

export function severity(finding: Finding): string {
  return SEVERITIES[finding.severity] ?? "";
}

export function ruleOf(finding: Finding): Rule | undefined {
  return finding.rule === null ? undefined : report.rules[finding.rule];
}

export function who(exposure: number): string {
  return report.exposures[exposure] ?? "";
}

export function written(at: Place): string {
  return at ? at.join(":") : "no file";
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
