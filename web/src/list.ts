// The list on the left: findings, functions, entry points or what was not seen, one row each.
import type { Finding, Place } from "./data";
import { count, report, ruleOf, who, written } from "./data";
import { button, fill, h } from "./dom";
import { place, severityOf } from "./detail";
import { type Filters, holds, passes } from "./filters";

export type Tab = "findings" | "paths" | "functions" | "entries" | "unseen";

export interface Row {
  key: string;
  element: HTMLElement;
  act: (() => void) | null;
}

export interface Rows {
  rows: Row[];
  total: number;
  words: [string, string];
}

interface Opens {
  finding(finding: Finding): void;
  node(application: number, node: number): void;
}

/** Rows that are put in the page at once; more follow when asked for. */
export const AT_ONCE = 400;

export function findingKey(finding: Finding): string {
  const path = report.paths.indexOf(finding);
  if (path >= 0) return `path-${path}`;
  const ignored = report.ignored.indexOf(finding);
  return ignored < 0 ? `finding-${report.findings.indexOf(finding)}` : `ignored-${ignored}`;
}

export function findingRows(findings: Finding[], filters: Filters, withApp: boolean, opens: Opens): Rows {
  const rows = findings
    .filter((finding) => passes(finding, filters))
    .map((finding) => {
      const rule = ruleOf(finding);
      const app = finding.application === null ? undefined : report.applications[finding.application];
      return row(findingKey(finding), () => opens.finding(finding), [
        h("span.top", {}, severityOf(finding), h("span.message", {}, finding.message)),
        h("span.under", {}, h("code", {}, rule?.id ?? ""), place(finding.at), withApp && app && !tells(finding.at, app.name) ? h("span.app", {}, app.name) : null),
      ]);
    });
  return { rows, total: findings.length, words: ["finding", "findings"] };
}

export function pathRows(paths: Finding[], filters: Filters, withApp: boolean, opens: Opens): Rows {
  const rows = paths
    .filter((path) => passes(path, { ...filters, rule: "" }))
    .map((path) => {
      const app = path.application === null ? undefined : report.applications[path.application];
      const cut = path.cuts?.[0];
      return row(findingKey(path), () => opens.finding(path), [
        h("span.top", {}, severityOf(path), h("span.message", {}, path.message)),
        h("span.under", {}, cut ? h("span", {}, "cut: ", cut.does) : null, cut ? place(cut.at) : null, withApp && app && !tells(path.at, app.name) ? h("span.app", {}, app.name) : null),
      ]);
    });
  return { rows, total: paths.length, words: ["attack path", "attack paths"] };
}

export function functionRows(applications: number[], filters: Filters, opens: Opens): Rows {
  const rows: Row[] = [];
  let total = 0;
  for (const number of applications) {
    const app = report.applications[number]!;
    for (const one of app.functions) {
      total += 1;
      const node = app.nodes[one.node]!;
      if (filters.exposure !== null && node.exposure !== filters.exposure) continue;
      if (!holds(`${node.label} ${one.handler} ${one.runtime} ${app.name}`.toLowerCase(), filters.text)) continue;
      rows.push(
        row(`node-${number}-${one.node}`, () => opens.node(number, one.node), [
          h("span.top", {}, h("span.message", {}, node.label), exposed(node.exposure)),
          h("span.under", {}, h("code", {}, one.handler), applications.length > 1 ? h("span.app", {}, app.name) : null),
        ]),
      );
    }
  }
  return { rows, total, words: ["function", "functions"] };
}

export function entryRows(applications: number[], filters: Filters, opens: Opens): Rows {
  const found: { exposure: number; row: Row }[] = [];
  let total = 0;
  for (const number of applications) {
    const app = report.applications[number]!;
    for (const one of app.functions)
      one.events.forEach((entry, at) => {
        total += 1;
        const label = app.nodes[one.node]!.label;
        if (filters.exposure !== null && entry.exposure !== filters.exposure) return;
        if (!holds(`${entry.type} ${entry.told} ${label} ${app.name}`.toLowerCase(), filters.text)) return;
        found.push({
          exposure: entry.exposure,
          row: row(`entry-${number}-${one.node}-${at}`, () => opens.node(number, one.node), [
            h("span.top", {}, h("span.message", {}, entry.told), exposed(entry.exposure)),
            h("span.under", {}, h("code", {}, entry.type), h("span", {}, `to ${label}`), place(entry.at), applications.length > 1 ? h("span.app", {}, app.name) : null),
          ]),
        });
      });
  }
  found.sort((a, b) => b.exposure - a.exposure);
  return { rows: found.map((one) => one.row), total, words: ["entry point", "entry points"] };
}

/** What was not seen, ignores that cover nothing, and what is ignored: the end of the report. */
export function unseenRows(filters: Filters, opens: Opens): Rows {
  const rows: Row[] = [];
  const add = (kind: string, told: string, at: Place, act: (() => void) | null = null) => {
    if (!holds(`${kind} ${told} ${written(at)}`.toLowerCase(), filters.text)) return;
    rows.push(
      row(`unseen-${rows.length}`, act, [
        h("span.top", {}, h("span.kind", {}, kind), h("span.message", {}, told)),
        h("span.under", {}, place(at)),
      ]),
    );
  };
  for (const one of report.failures) add("failed", `${one.rule} failed on ${one.application}: ${one.error}`, null);
  for (const one of report.ignored) add("ignored", `${one.message} (${one.reason ?? ""})`, one.at, () => opens.finding(one));
  for (const one of report.stale) add("stale", `the ignore of ${one.rule} ${one.fingerprint} covers nothing any more`, one.at);
  for (const one of report.unseen) add(one.kind, one.why, one.at);
  const total = report.failures.length + report.ignored.length + report.stale.length + report.unseen.length;
  return { rows, total, words: ["note", "notes"] };
}

/** Whether a place tells already which application it is in. */
function tells(at: Place, application: string): boolean {
  return at !== null && at[0].startsWith(application.slice(0, application.lastIndexOf("/") + 1));
}

function exposed(exposure: number | undefined): HTMLElement | null {
  return exposure === undefined ? null : h("span.exposure", { "data-exposure": exposure }, who(exposure));
}

function row(key: string, act: (() => void) | null, children: (HTMLElement | null)[]): Row {
  const inner = act ? button("button.row", {}, act, ...children) : h("div.row", {}, ...children);
  return { key, act, element: h("li", { "data-key": key }, inner) };
}

/** Put rows into a list; returns what to say of them. */
export function showRows(list: HTMLElement, { rows, total, words }: Rows, current: string): string {
  const put = (from: number) => {
    const next = rows.slice(from, from + AT_ONCE).map((one) => one.element);
    list.append(...next);
    if (from + AT_ONCE < rows.length) {
      const more = h("li.more", {}, button("button", {}, () => (more.remove(), put(from + AT_ONCE)), `Show ${Math.min(AT_ONCE, rows.length - from - AT_ONCE)} more`));
      list.append(more);
    }
  };
  fill(list);
  put(0);
  mark(list, current);
  if (!rows.length) list.append(h("li.none", {}, total ? "Nothing matches the filters." : `No ${words[1]}.`));
  return rows.length === total ? count(total, ...words) : `${rows.length} of ${count(total, ...words)}`;
}

/** Mark the row of what is open. */
export function mark(list: HTMLElement, key: string): HTMLElement | null {
  let found: HTMLElement | null = null;
  for (const element of list.querySelectorAll<HTMLElement>("li[data-key]")) {
    const on = element.dataset.key === key;
    const target = element.firstElementChild!;
    if (on) target.setAttribute("aria-current", "true");
    else target.removeAttribute("aria-current");
    if (on) found = element;
  }
  return found;
}
