// What is told of one thing: a finding with its proof, a function, a resource, an application.
import type { Application, Cut, Finding, Function, Place, Radius, ShouldBe, Statement, Step } from "./data";
import { OUTSIDE, SEVERITIES, count, report, ruleOf, severity, who, written } from "./data";
import { type Child, button, h, ticked } from "./dom";
import { typeOf } from "./drawing";

export interface Acts {
  step(number: number): void;
  play(): void;
  node(node: number): void;
  finding(finding: Finding): void;
  open(application: number): void;
  /** Light up what is lost with a function, or nothing again. */
  lose(nodes: number[] | null): void;
}

export function place(at: Place): HTMLElement {
  return h("code.place", {}, written(at));
}

export function exposureOf(exposure: number): HTMLElement {
  return h("span.exposure", { "data-exposure": exposure }, who(exposure));
}

export function severityOf(finding: Finding): HTMLElement {
  const name = severity(finding);
  return h("span.severity", { "data-severity": name }, name);
}

function section(title: string, ...children: Child[]): HTMLElement {
  return h("section.part", {}, h("h3", {}, title), ...children);
}

function copied(text: string, many = false): HTMLElement {
  const made: HTMLButtonElement = button("button.copy", { title: "Copy" }, () => {
    navigator.clipboard?.writeText(text).then(
      () => (made.textContent = "Copied"),
      () => getSelection()?.selectAllChildren(code),
    );
  }, "Copy");
  const code = h("code", {}, text);
  return h("div.line", {}, many ? h("pre", {}, code) : code, made);
}

export function findingDetail(finding: Finding, acts: Acts): HTMLElement {
  const app = finding.application === null ? undefined : report.applications[finding.application];
  const rule = ruleOf(finding);
  return h(
    "article.detail.finding",
    {},
    h("header", {}, severityOf(finding), h("h2", { tabindex: -1 }, finding.message), facts(finding)),
    finding.reason !== undefined ? h("p.note", {}, `Ignored: ${finding.reason}`) : null,
    h(
      "div.player",
      { role: "group", "aria-label": "Play the steps" },
      button("button", { title: "Previous step (left arrow)", "aria-label": "Previous step" }, () => acts.step(-1), "\u2190"),
      button("button.play", { title: "Play (space)" }, () => acts.play(), "Play"),
      button("button", { title: "Next step (right arrow)", "aria-label": "Next step" }, () => acts.step(1), "\u2192"),
      h("span.progress", { "aria-live": "polite" }),
    ),
    h("ol.steps", {}, ...finding.steps.map((step, number) => stepRow(step, number, acts))),
    finding.cuts ? cuts(finding.cuts) : null,
    finding.controls ? section("Independent controls on it", h("p", {}, finding.controls.join(", ") || "none")) : null,
    finding.help ? section("What to write instead", h("p.help", {}, ...ticked(finding.help))) : null,
    finding.cuts ? null : opened(finding, app, acts),
    finding.also.length
      ? section("The same cause, also here", h("ul.plain", {}, ...finding.also.map((one) => h("li", {}, `${one.message} `, place(one.at)))))
      : null,
    finding.reason === undefined && finding.ignore ? section("To accept it, with your reason", copied(finding.ignore)) : null,
    rule ? section("About the rule", copied(`stockade explain ${rule.id}`)) : null,
  );
}

/** The edits of which each alone closes a path, the cheapest first. */
function cuts(found: Cut[]): HTMLElement {
  return section(
    found.length > 1 ? "Each of these alone closes it" : "What closes it",
    h(
      "ol.cuts",
      {},
      ...found.map((cut) =>
        h(
          "li",
          {},
          h("span.does", {}, cut.does),
          " ",
          place(cut.at),
          ...cut.also.flatMap((at) => [" ", place(at)]),
          h("p.help", {}, ...ticked(cut.help)),
          cut.code.length ? code({ notes: [], at: cut.at, code: cut.code, node: null, edge: null }) : null,
        ),
      ),
    ),
  );
}

function facts(finding: Finding): HTMLElement {
  const rule = ruleOf(finding);
  const app = finding.application === null ? undefined : report.applications[finding.application];
  return h(
    "p.facts",
    {},
    rule ? h("code", {}, rule.id) : null,
    rule ? h("span", { title: rule.title }, `practice ${rule.practice}`) : null,
    rule?.cwe.length ? h("span", {}, rule.cwe.map((cwe) => `CWE-${cwe}`).join(", ")) : null,
    exposureOf(finding.exposure),
    finding.confidence === "high" ? null : h("span", {}, `${finding.confidence} confidence`),
    place(finding.at),
    app && report.applications.length > 1 ? h("span", {}, `in ${app.name}`) : null,
  );
}

function stepRow(step: Step, number: number, acts: Acts): HTMLElement {
  const row = h(
    "li",
    { "data-step": number },
    button(
      "button.step",
      {},
      () => acts.step(number - currentOf(row)),
      h("span.told", {}, ...ticked(step.notes.join(", "))),
      place(step.at),
    ),
    code(step),
  );
  return row;
}

function currentOf(row: HTMLElement): number {
  const current = row.parentElement?.querySelector<HTMLElement>("[aria-current]");
  return current ? Number(current.dataset.step) : -1;
}

export function code(step: Step): HTMLElement | null {
  if (!step.code.length) return null;
  return h("pre", {}, h("code", {}, ...step.code.map(([text, marked]) => (marked ? h("mark", {}, text) : text))));
}

/** What the role of the function opens to whoever takes the function over. */
function opened(finding: Finding, app: Application | undefined, acts: Acts): HTMLElement | null {
  if (!app || finding.node === null) return null;
  const of = app.functions.find((one) => one.node === finding.node);
  const edges = app.edges.filter((edge) => edge.from === finding.node && edge.kind === "opens");
  if (!of || (!edges.length && !of.environment.length)) return null;
  const secrets = Array.isArray(of.environment) ? of.environment.map(([name]) => name) : [];
  return section(
    `What ${app.nodes[finding.node]!.label} then opens`,
    h(
      "ul.opens",
      {},
      ...edges.map((edge) =>
        h("li", {}, nodeLink(app, edge.to, acts), " ", h("code", {}, few(edge.told ?? [])), edge.wide ? h("span.wide", {}, "wide") : null),
      ),
      secrets.length ? h("li", {}, "environment ", h("code", {}, few(secrets))) : null,
    ),
  );
}

function few(texts: string[], most = 6): string {
  const more = texts.length - most;
  return more > 0 ? `${texts.slice(0, most).join(", ")} and ${more} more` : texts.join(", ");
}

function nodeLink(app: Application, node: number, acts: Acts): HTMLElement {
  return button("button.link", {}, () => acts.node(node), app.nodes[node]!.label);
}

export function nodeDetail(app: Application, node: number, findings: Finding[], acts: Acts): HTMLElement {
  const { label, kind, type, at, exposure, stack } = app.nodes[node]!;
  const of = app.functions.find((one) => one.node === node);
  const here = findings.filter((finding) => finding.node === node);
  return h(
    "article.detail",
    {},
    h(
      "header",
      {},
      h("h2", { tabindex: -1 }, label),
      h(
        "p.facts",
        {},
        h("span", {}, type && type !== "every one" ? type : typeOf(kind, type)),
        of ? h("span", {}, of.runtime) : null,
        of ? h("code", {}, of.handler) : null,
        exposure !== undefined && kind !== "outside" ? exposureOf(exposure) : null,
        at ? place(at) : null,
        stack ? h("span", {}, `stack ${stack}`) : null,
      ),
    ),
    here.length
      ? section(count(here.length, "finding"), h("ul.plain", {}, ...here.map((finding) => h("li", {}, severityOf(finding), " ", button("button.link", {}, () => acts.finding(finding), finding.message)))))
      : null,
    of ? entries(of) : null,
    of ? environment(of) : null,
    of?.radius ? lost(of.radius, acts) : null,
    of ? role(app, of) : null,
    of?.should_be ? shouldBe(of.should_be) : null,
    edges(app, node, acts, of !== undefined),
  );
}

function entries(of: Function): HTMLElement {
  const sorted = [...of.events].sort((a, b) => b.exposure - a.exposure);
  return section(
    "Who can send to it",
    table(
      ["who", "through", "event", "because", "at"],
      sorted.map((entry) => [exposureOf(entry.exposure), entry.type, entry.told, entry.why.join("; "), place(entry.at)]),
    ),
  );
}

function environment(of: Function): HTMLElement | null {
  if (typeof of.environment === "string") return section("Environment", h("p", {}, of.environment));
  if (!of.environment.length) return null;
  return section(
    "Environment",
    table(["variable", "holds"], of.environment.map(([name, held]) => [h("code", {}, name), h("code", {}, held)])),
  );
}

function role(app: Application, of: Function): HTMLElement {
  const held = of.role === null ? undefined : app.roles[of.role];
  const sharing = held ? app.functions.filter((one) => one.role === of.role).length - 1 : 0;
  return section(
    `Role ${of.role_told}`,
    h("p.note", {}, `${of.policies.join(", ") || "no policies"}${sharing > 0 ? `; shared with ${count(sharing, "other function")}` : ""}`),
    held?.statements.length
      ? table(["policy", "", "actions", "on", ""], held.statements.map(statement))
      : null,
  );
}

/** What is lost if the code of a function is taken over. */
function lost({ lost, more, unknown, nodes }: Radius, acts: Acts): HTMLElement {
  const show: HTMLButtonElement = button(
    "button",
    { "aria-pressed": "false" },
    () => {
      const on = show.getAttribute("aria-pressed") !== "true";
      show.setAttribute("aria-pressed", String(on));
      acts.lose(on ? nodes : null);
    },
    "Show in the drawing",
  );
  return section(
    "Lost if its code is taken over",
    lost.length
      ? h("ul.plain", {}, ...lost.map(([what, how]) => h("li", {}, h("b", {}, what), ` ${how}`)), more ? h("li", {}, `and ${more} more`) : null)
      : h("p.note", {}, "Nothing that is known."),
    unknown.length ? h("p.note", {}, `Not known: ${few(unknown, 3)}`) : null,
    nodes.length ? h("p", {}, show) : null,
  );
}

/** Needed against granted, and the exact policy to copy. */
function shouldBe(judged: ShouldBe): HTMLElement | null {
  const { rows, more, unknown, proved, policy } = judged;
  if (!rows.length && !unknown.length) return null;
  const told = ["missing", "too much"]
    .map((kind) => ({ kind, found: rows.filter((row) => row[0] === kind).length }))
    .filter(({ found }) => found)
    .map(({ kind, found }) => `${found} ${kind}`);
  return section(
    "What the role should have been",
    h("p.note", {}, told.join(", ") || (unknown.length ? "nothing known is missing or too much" : "exactly what it is")),
    table(
      ["", "action", "on", "", "at"],
      rows.map(([kind, action, resource, note, at]) => [
        h("span.permission", { "data-kind": kind }, kind),
        h("code", {}, action),
        h("code", {}, resource),
        note,
        place(at),
      ]),
    ),
    more ? h("p.note", {}, `and ${more} more: stockade policy lists them`) : null,
    unknown.length
      ? h("div", {}, h("p.note", {}, "Not known, so the policy is not complete:"), h("ul.plain", {}, ...unknown.map(([why, at]) => h("li", {}, `${why} `, place(at)))))
      : null,
    policy ? h("p.note", {}, proved ? "The exact policy; every need was checked against it, and no statement can be spared:" : "The policy of what is known:") : null,
    policy ? copied(policy, true) : null,
  );
}

function statement(one: Statement): Child[] {
  return [
    h("span", { title: `${one.from}, ${written(one.at)}` }, one.policy),
    one.allows ? "allow" : "deny",
    h("code", {}, one.actions.join(", ")),
    h("code", {}, one.resources.join(", ")),
    one.conditional ? "on conditions" : "",
  ];
}

function edges(app: Application, node: number, acts: Acts, isFunction: boolean): HTMLElement | null {
  const rows: Child[][] = [];
  for (const edge of app.edges) {
    if (edge.from !== node && edge.to !== node) continue;
    const out = edge.from === node;
    if (isFunction && !out && edge.kind === "sends") continue;
    const words = { sends: out ? "sends to" : "receives from", opens: out ? "may open" : "may be opened by", names: out ? "is told the name of" : "is named to" };
    rows.push([words[edge.kind], nodeLink(app, out ? edge.to : edge.from, acts), h("code", {}, few(edge.told ?? [], 8))]);
  }
  return rows.length ? section("What it is joined with", table(["", "", ""], rows)) : null;
}

export function table(heads: string[], rows: Child[][], attributes = {}): HTMLElement {
  return h(
    "div.scroll",
    {},
    h(
      "table",
      attributes,
      heads.some(Boolean) ? h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))) : null,
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))))),
    ),
  );
}

/** The figures of an application: its surface, and what was found. */
export function overview(app: Application, findings: Finding[], acts: Acts): HTMLElement {
  const sources = app.functions.flatMap((one) => one.events.map((entry) => ({ entry, of: one })));
  const wide = app.functions.filter((one) =>
    one.role !== null && app.roles[one.role]!.statements.some((held) => held.allows && held.resources.some((on) => on === "*") && held.actions.some((action) => action.endsWith("*"))),
  );
  return h(
    "article.detail",
    {},
    h("header", {}, h("h2", { tabindex: -1 }, app.name), h("p.facts", {}, h("span", {}, count(app.functions.length, "function")), h("span", {}, count(sources.length, "event source")), h("span", {}, count(findings.length, "finding")), ...app.templates.slice(0, 4).map((one) => h("code", {}, one)))),
    section(
      "Surface",
      sources.length
        ? table(
            ["who", "event sources", "functions behind them"],
            report.exposures
              .map((name, exposure) => ({ name, exposure, of: sources.filter(({ entry }) => entry.exposure === exposure) }))
              .filter(({ of }) => of.length)
              .reverse()
              .map(({ exposure, of }) => {
                const behind = [...new Set(of.map((one) => one.of.node))];
                return [exposureOf(exposure), String(of.length), h("span", {}, ...links(app, behind, acts))];
              }),
          )
        : h("p.note", {}, "No function."),
    ),
    wide.length
      ? section("Roles that open everything of a service", h("p", {}, `${count(wide.length, "function")}: `, ...links(app, wide.map((one) => one.node), acts)))
      : null,
  );
}

function links(app: Application, nodes: number[], acts: Acts): Child[] {
  const shown = nodes.slice(0, 8).flatMap((node, number) => [number ? ", " : "", nodeLink(app, node, acts)] as Child[]);
  return nodes.length > 8 ? [...shown, ` and ${nodes.length - 8} more`] : shown;
}

/** All applications, the worst first. */
export function index(applications: { number: number; findings: Finding[] }[], acts: Acts): HTMLElement {
  const rows = applications.map(({ number, findings }) => {
    const app = report.applications[number]!;
    const by = [4, 3, 2, 1].map((one) => findings.filter((finding) => finding.severity === one).length);
    const outside = app.functions.flatMap((one) => one.events).filter((entry) => entry.exposure >= OUTSIDE).length;
    return h(
      "tr",
      {},
      h("td", {}, button("button.link", {}, () => acts.open(number), app.name)),
      ...by.map((found, at) => h("td.number", {}, found ? h("span.severity", { "data-severity": SEVERITIES[4 - at]! }, String(found)) : "")),
      h("td.number", {}, String(app.functions.length)),
      h("td.number", {}, outside ? String(outside) : ""),
    );
  });
  const heads = ["application", "critical", "high", "medium", "low", "functions", "entries from outside"];
  return h(
    "div.scroll.index",
    { tabindex: 0, role: "region", "aria-label": "Applications" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...heads.map((head, at) => h(at ? "th.number" : "th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows),
    ),
  );
}
