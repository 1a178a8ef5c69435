// The page: what is chosen, what is shown of it, and the keys that move through it.
import type { Finding } from "./data";
import { SEVERITIES, count, report, ruleOf } from "./data";
import { type Acts, findingDetail, index, nodeDetail, overview } from "./detail";
import { button, fill, h, still } from "./dom";
import { Drawing } from "./drawing";
import { holds, nothing, passes } from "./filters";
import { type Row, type Rows, type Tab, entryRows, findingKey, findingRows, functionRows, mark, pathRows, showRows, unseenRows } from "./list";
import { onPrint } from "./print";
import { restoreTheme, switchTheme } from "./theme";
import { type Way, lostWith, wayOf } from "./ways";

const PACE = 1500;
const several = report.applications.length > 1;
const filters = nothing();

let scope: number | null = several ? null : 0;
let tab: Tab = "findings";
let finding: Finding | null = null;
let node: number | null = null;
let way: Way | null = null;
let step = -1;
let playing: number | undefined;
let rows: Row[] = [];

// What the page is made of.
const list = h("ul.rows", { id: "rows" });
const said = h("p.said", { role: "status", "aria-live": "polite" });
const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search", autocomplete: "off", spellcheck: "false" }) as HTMLInputElement;
const panel = h("section.panel", { "aria-label": "Details", tabindex: -1 });
const chips = h("div.chips", { role: "group", "aria-label": "Severity" });
const exposures = h("select", { "aria-label": "Who can do it" }) as HTMLSelectElement;
const rules = h("select", { "aria-label": "Rule or practice" }) as HTMLSelectElement;
const scopes = h("select", { "aria-label": "Application" }) as HTMLSelectElement;
const tabs = h("div.tabs", { role: "group", "aria-label": "What is listed" });
const right = h("div.right");
const paper = h("div.paper");
const help = h("dialog", { "aria-label": "Keys" }) as HTMLDialogElement;

const acts: Acts = { step: move, play, node: (number) => choose(drawnNow() ?? 0, number), finding: open, open: enter, lose };
const opens = { finding: open, node: choose };
const drawing = new Drawing((number) => choose(drawnNow() ?? 0, number));

function inScope(): Finding[] {
  return scope === null ? report.findings : report.findings.filter((one) => one.application === scope);
}

function pathsInScope(): Finding[] {
  return scope === null ? report.paths : report.paths.filter((one) => one.application === scope);
}

function applications(): number[] {
  return scope === null ? report.applications.map((_, number) => number) : [scope];
}

function enter(application: number | null): void {
  stop();
  scope = application;
  finding = node = way = null;
  step = -1;
  refresh();
  show();
}

function open(one: Finding): void {
  stop();
  finding = one;
  node = null;
  step = -1;
  const app = one.application === null ? null : report.applications[one.application]!;
  way = app ? wayOf(app, one) : null;
  show();
}

function choose(application: number, number: number): void {
  stop();
  finding = way = null;
  node = number;
  chosenIn = application;
  step = -1;
  show();
}

let chosenIn = 0;

/** Light up what is lost with the chosen function. */
function lose(nodes: number[] | null): void {
  const app = report.applications[drawnNow() ?? -1];
  if (!app || node === null) return;
  drawing.light(nodes ? { way: lostWith(app, node, nodes), node, edge: null } : null, node);
}

/** The application that is drawn: that of what is open, else the one that was entered. */
function drawnNow(): number | null {
  if (finding) return finding.application;
  if (node !== null) return scope ?? chosenIn;
  return scope;
}

function keyNow(): string {
  if (finding) return findingKey(finding);
  return node === null ? "" : `node-${drawnNow()}-${node}`;
}

let drawnBefore: number | null = null;

/** Show what is chosen on the right. */
function show(): void {
  const number = drawnNow();
  const app = number === null ? undefined : report.applications[number];
  right.classList.toggle("whole", !app);
  if (app) {
    const findings = report.findings.filter((one) => one.application === number);
    if (!drawing.element.isConnected) fill(right, drawing.element, panel);
    if (drawnBefore !== number) drawing.show(app, findings);
    fill(
      panel,
      several ? crumbs(app.name) : null,
      finding
        ? findingDetail(finding, acts)
        : node !== null
          ? nodeDetail(app, node, findings, acts)
          : overview(app, findings, acts),
    );
    panel.scrollTop = 0;
    light();
  } else {
    const all = report.applications.map((_, number) => ({ number, findings: [] as Finding[] }));
    for (const one of report.findings) if (one.application !== null) all[one.application]!.findings.push(one);
    const worst = (findings: Finding[]) => Math.max(0, ...findings.map((one) => one.severity)) * 1000 + findings.length;
    all.sort((a, b) => worst(b.findings) - worst(a.findings));
    const shown = filters.text
      ? all.filter(({ number, findings }) => holds(report.applications[number]!.name.toLowerCase(), filters.text) || findings.some((one) => passes(one, filters)))
      : all;
    fill(right, several ? index(shown, acts) : h("p.none", {}, "No application was found."));
  }
  drawnBefore = number;
  mark(list, keyNow())?.scrollIntoView({ block: "nearest" });
  scopes.value = scope === null ? "" : String(scope);
  const key = keyNow() || (several && scope !== null ? `application-${scope}` : "");
  if (key !== location.hash.slice(1)) history.replaceState(null, "", key ? `#${key}` : location.pathname + location.search);
}

/** The way back to all applications, and to this one as a whole. */
function crumbs(name: string): HTMLElement {
  const number = drawnNow();
  return h(
    "nav.crumbs",
    { "aria-label": "Applications" },
    button("button.link", {}, () => enter(null), "All applications"),
    " / ",
    finding || node !== null ? button("button.link", {}, () => enter(number), name) : name,
  );
}

/** Light up the step at hand, in the list of steps and in the drawing. */
function light(): void {
  const at = finding?.steps[step];
  drawing.light(finding && way ? { way, node: at?.node ?? (step < 0 ? finding.node : null), edge: at?.edge ?? null } : null, node);
  for (const row of panel.querySelectorAll<HTMLElement>(".steps > li")) {
    const now = row.dataset.step === String(step);
    row.toggleAttribute("aria-current", now);
    if (now) row.setAttribute("aria-current", "step");
    if (now) row.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
  }
  const progress = panel.querySelector(".progress");
  if (progress && finding) progress.textContent = step < 0 ? count(finding.steps.length, "step") : `Step ${step + 1} of ${finding.steps.length}`;
  const playButton = panel.querySelector(".play");
  if (playButton) playButton.textContent = playing === undefined ? "Play" : "Pause";
}

function move(by: number): void {
  if (!finding) return;
  step = Math.max(0, Math.min(finding.steps.length - 1, step + by));
  light();
}

function play(): void {
  if (!finding) return;
  if (playing !== undefined) {
    stop();
    return light();
  }
  if (step >= finding.steps.length - 1) step = -1;
  playing = window.setInterval(() => {
    if (!finding || step >= finding.steps.length - 1) {
      stop();
      return light();
    }
    move(1);
  }, PACE);
  move(1);
}

function stop(): void {
  clearInterval(playing);
  playing = undefined;
}

const unseen = report.unseen.length + report.stale.length + report.ignored.length + report.failures.length;

function turn(to: Tab): void {
  tab = to;
  refresh();
}

/** Write the list anew: the tab, the filters or the scope have changed. */
function refresh(): void {
  const made: Record<Tab, () => Rows> = {
    findings: () => findingRows(inScope(), filters, several && scope === null, opens),
    paths: () => pathRows(pathsInScope(), filters, several && scope === null, opens),
    functions: () => functionRows(applications(), filters, opens),
    entries: () => entryRows(applications(), filters, opens),
    unseen: () => unseenRows(filters, opens),
  };
  const shown = made[tab]();
  rows = shown.rows;
  said.textContent = showRows(list, shown, keyNow());
  if (tab === "findings" && unseen) list.append(h("li.end", {}, button("button.link", {}, () => turn("unseen"), `${count(unseen, "thing")} not seen or set aside`)));
  for (const element of tabs.children) element.setAttribute("aria-pressed", String((element as HTMLElement).dataset.tab === tab));
  const judged = tab === "paths" ? pathsInScope() : inScope();
  chips.hidden = tab !== "findings" && tab !== "paths";
  rules.hidden = tab !== "findings";
  exposures.hidden = tab === "unseen";
  const numbers = new Map<number, number>();
  for (const one of judged) numbers.set(one.severity, (numbers.get(one.severity) ?? 0) + 1);
  for (const chip of chips.children as HTMLCollectionOf<HTMLElement>) {
    const number = Number(chip.dataset.number);
    chip.lastElementChild!.textContent = String(numbers.get(number) ?? 0);
    chip.setAttribute("aria-pressed", String(filters.severities.has(number)));
  }
}

/** Go to the next or previous row, and open it. */
function walk(by: number): void {
  const acting = rows.filter((row) => row.act);
  if (!acting.length) return;
  const now = acting.findIndex((row) => row.element.firstElementChild!.hasAttribute("aria-current"));
  const next = acting[Math.max(0, Math.min(acting.length - 1, now < 0 ? 0 : now + by))]!;
  if (!next.element.isConnected) list.querySelector<HTMLElement>(".more button")?.click();
  next.act!();
  mark(list, next.key);
  (next.element.firstElementChild as HTMLElement).focus({ preventScroll: true });
  next.element.scrollIntoView({ block: "nearest" });
}

function escape(): void {
  if (document.activeElement === search && search.value) {
    search.value = "";
    filters.text = "";
    refresh();
    return drawnNow() === null ? show() : undefined;
  }
  (document.activeElement as HTMLElement | null)?.blur();
  if (playing !== undefined) {
    stop();
    light();
  } else if (finding || node !== null) {
    finding = node = way = null;
    step = -1;
    show();
  } else if (several && scope !== null) enter(null);
}

const KEYS: [string, string, () => void][] = [
  ["j", "next in the list", () => walk(1)],
  ["k", "previous in the list", () => walk(-1)],
  ["Enter", "read what is open", () => panel.querySelector<HTMLElement>("h2")?.focus()],
  ["ArrowRight", "next step", () => move(1)],
  ["ArrowLeft", "previous step", () => move(-1)],
  [" ", "play or pause the steps", play],
  ["/", "search", () => search.focus()],
  ["f", "show all of the drawing", () => drawing.fit(true)],
  ["+", "zoom in", () => drawing.zoom(1.25)],
  ["-", "zoom out", () => drawing.zoom(0.8)],
  ["d", "drawing large or small", () => right.classList.toggle("large")],
  ["t", "dark or light", switchTheme],
  ["?", "these keys", () => help.showModal()],
];
const SAID: Record<string, string> = { ArrowRight: "\u2192", ArrowLeft: "\u2190", " ": "space" };

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === "Escape") return escape();
  const target = event.target as HTMLElement;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) {
    if (event.key === "Enter" && target === search) walk(1);
    return;
  }
  // A button that has the focus answers to these itself.
  const pressed = target.closest("button, a, [role=button]");
  if (pressed && event.key === " ") return;
  if (pressed && event.key === "Enter" && !pressed.classList.contains("row")) return;
  const key = KEYS.find(([name]) => name === event.key);
  if (!key) return;
  event.preventDefault();
  key[2]();
}

function options(select: HTMLSelectElement, first: string, rest: [string, string][], act: (value: string) => void): void {
  fill(select, h("option", { value: "" }, first), ...rest.map(([value, told]) => h("option", { value }, told)));
  select.addEventListener("change", () => {
    act(select.value);
    refresh();
  });
}

function build(): void {
  const names: [Tab, string, number][] = [
    ["findings", "Findings", report.findings.length],
    ["paths", "Paths", report.paths.length],
    ["functions", "Functions", report.applications.reduce((sum, app) => sum + app.functions.length, 0)],
    ["entries", "Entries", report.applications.reduce((sum, app) => sum + app.functions.reduce((all, one) => all + one.events.length, 0), 0)],
    ["unseen", "Not seen", unseen],
  ];
  fill(
    tabs,
    ...names.map(([name, told, number]) =>
      button("button", { "data-tab": name }, () => turn(name), told, h("span.number", {}, String(number))),
    ),
  );
  fill(
    chips,
    ...[4, 3, 2, 1].map((number) =>
      button(
        "button",
        { "data-number": number, "data-severity": SEVERITIES[number]! },
        () => {
          if (!filters.severities.delete(number)) filters.severities.add(number);
          refresh();
        },
        SEVERITIES[number]!,
        " ",
        h("span.number"),
      ),
    ),
  );
  options(exposures, "Whoever can do it", report.exposures.map((name, number): [string, string] => [String(number), name]).reverse(), (value) => (filters.exposure = value ? Number(value) : null));
  const used = new Set(report.findings.map((one) => ruleOf(one)).filter((one) => one !== undefined));
  const practices = [...new Set([...used].map((one) => one.practice))].sort();
  options(rules, "All rules", [...practices.map((one): [string, string] => [one, `practice ${one}`]), ...[...used].map((one): [string, string] => [one.id, one.id]).sort()], (value) => (filters.rule = value));
  options(scopes, `All applications (${report.applications.length})`, report.applications.map((app, number): [string, string] => [String(number), app.name]), (value) => enter(value ? Number(value) : null));
  search.addEventListener("input", () => {
    filters.text = search.value.trim();
    refresh();
    if (drawnNow() === null) show();
  });
  fill(
    help,
    h("h2", {}, "Keys"),
    h("dl", {}, ...KEYS.flatMap(([key, told]) => [h("dt", {}, h("kbd", {}, SAID[key] ?? key)), h("dd", {}, told)]), h("dt", {}, h("kbd", {}, "Esc")), h("dd", {}, "close, step back")),
    button("button", { autofocus: true }, () => help.close(), "Close"),
  );
  const by = [4, 3, 2, 1].map((number) => ({ number, found: report.findings.filter((one) => one.severity === number).length })).filter(({ found }) => found);
  document.body.append(
    h("a.skip", { href: "#rows" }, "To the findings"),
    h(
      "header.bar",
      {},
      h("h1", {}, "stockade"),
      h("code.root", { title: report.root }, report.root),
      several ? scopes : null,
      h("p.totals", {}, ...by.map(({ number, found }) => h("span.severity", { "data-severity": SEVERITIES[number]! }, `${found} ${SEVERITIES[number]}`)), by.length ? null : "nothing found"),
      report.failures.length ? h("p.failed", { role: "alert" }, "This report is incomplete: a rule failed") : null,
      h("span.space"),
      button("button", { title: "Dark or light (t)" }, switchTheme, "Theme"),
      button("button", { title: "Keys (?)" }, () => help.showModal(), "Keys"),
    ),
    h(
      "main",
      {},
      h("section.left", { "aria-label": "List" }, tabs, h("div.filters", {}, search, chips, h("div.selects", {}, exposures, rules)), said, list),
      right,
    ),
    help,
    paper,
  );
  onPrint(paper, () => inScope().filter((one) => passes(one, filters)));
}

/** Open what the address names. */
function follow(): void {
  const [kind, first, second] = location.hash.slice(1).split("-");
  const number = Number(first);
  const found = kind === "finding" ? report.findings[number] : kind === "path" ? report.paths[number] : kind === "ignored" ? report.ignored[number] : undefined;
  if (found && kind === "path" && tab !== "paths") turn("paths");
  if (found) return found === finding ? undefined : open(found);
  if (kind === "application" && report.applications[number]) return enter(number);
  if (kind === "node" && report.applications[number]?.nodes[Number(second)]) return choose(number, Number(second));
  show();
}

restoreTheme();
build();
refresh();
follow();
addEventListener("hashchange", follow);
addEventListener("keydown", onKey);
document.title = `stockade: ${report.root}`;
