// A map, for applications in which no one could follow every line: each store stands in one block
// with the functions that work on it, what many blocks share stands beside them, and lines show
// once something is chosen.
import type { Application, Node } from "./data";
import { type Box, type Drawn, type Layout, type Placed, empty, moved } from "./geometry";
import { CELL, NODE, cell, wide } from "./layered";
import { fitting } from "./text";

const BESIDE = 90;
const BETWEEN = 18;

/** What stands beside the blocks is read from further away. */
const LARGER = 2;

/** A store that so many blocks work on belongs to none of them. */
const SHARED = 3;

/** Stacks from which on each stands in a block of its own. */
const STACKS = 3;

const HOMES: Record<string, number> = {
  table: 5,
  database: 5,
  bucket: 4,
  files: 4,
  queue: 3,
  stream: 3,
  topic: 2,
  machine: 2,
  api: 1,
  url: 1,
};

export function mapped(app: Application, drawn: Drawn, aspect: number): Layout {
  const near = neighbours(app, drawn);
  const triggered = neighbours(app, drawn.filter(({ edge }) => edge.kind === "sends"));
  const homes = settled(app, near, triggered);
  const sends = new Set(drawn.filter(({ edge }) => edge.kind === "sends").map(({ edge }) => edge.from));
  const outside: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const blocks = new Map<string, number[]>();
  app.nodes.forEach((node, number) => {
    const home = homes[number];
    if (node.kind === "outside") outside.push(number);
    else if (home === undefined) (sends.has(number) ? left : right).push(number);
    else blocks.set(home, [...(blocks.get(home) ?? []), number]);
  });
  const made = empty();
  made.map = true;
  const first = column(app, made, outside, 0);
  const second = column(app, made, left, first ? first + BESIDE : 0);
  const from = second + (left.length ? BESIDE : 40);
  const beside = right.length ? BESIDE + columnWidth(app, right) : 0;
  const to = shelves(app, made, blocks, from, beside, aspect);
  column(app, made, right, to + BESIDE);
  middle(made);
  lines(made, drawn);
  bundles(made, new Set(left), drawn);
  if (outside.length) frame(app, made);
  return moved(made);
}

function neighbours(app: Application, drawn: Drawn): Set<number>[] {
  const near = app.nodes.map(() => new Set<number>());
  for (const { edge } of drawn) {
    near[edge.from]!.add(edge.to);
    near[edge.to]!.add(edge.from);
  }
  return near;
}

/** Give every node the block it stands in; none for who is outside and for what blocks share. */
function settled(app: Application, near: Set<number>[], triggered: Set<number>[]): (string | undefined)[] {
  const isFunction = (node: number) => app.nodes[node]!.kind === "function";
  const functions = app.functions.map((one) => one.node);
  const worked = near.map((others) => [...others].filter(isFunction).length);
  const stacks = new Set(functions.map((node) => app.nodes[node]!.stack ?? ""));
  const byStack = stacks.size >= STACKS;
  const most = Math.max(12, functions.length / 4);
  const worth = (node: number): number => {
    const { kind, type } = app.nodes[node]!;
    if (type === "every one" || worked[node]! > most) return 0;
    return (Object.hasOwn(HOMES, kind) ? HOMES[kind]! : 0) * 1000 + (HOMES[kind] ? worked[node]! : 0);
  };
  const homes: (string | undefined)[] = app.nodes.map(() => undefined);
  for (const node of functions) {
    const best = [...near[node]!].reduce((a, b) => (b >= 0 && worth(b) > (a < 0 ? 0 : worth(a)) ? b : a), -1);
    homes[node] = byStack ? `stack ${app.nodes[node]!.stack ?? ""}` : best < 0 ? apart(app, near, node) : `node ${best}`;
  }
  app.nodes.forEach((node, number) => {
    if (homes[number] !== undefined || node.kind === "outside" || node.type === "every one") return;
    // What triggers functions stands with them, whoever else writes to it.
    const triggers = homesOf(app, homes, triggered[number]!);
    const around = triggers.size && triggers.size <= SHARED ? triggers : homesOf(app, homes, near[number]!);
    if (around.has(`node ${number}`)) homes[number] = `node ${number}`;
    else if (around.size && around.size <= SHARED) homes[number] = [...around].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
    else if (!near[number]!.size) homes[number] = "alone";
  });
  return homes;
}

/** Count the blocks in which functions of these nodes stand. */
function homesOf(app: Application, homes: (string | undefined)[], nodes: Set<number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const node of nodes) {
    const home = homes[node];
    if (home === undefined || app.nodes[node]!.kind !== "function") continue;
    found.set(home, (found.get(home) ?? 0) + 1);
  }
  return found;
}

/** Where a function stands that works on nothing of its own: with those that have the same triggers. */
function apart(app: Application, near: Set<number>[], node: number): string {
  const shared = [...near[node]!].filter((other) => app.nodes[other]!.kind !== "function");
  return shared.length ? `only ${Math.min(...shared)}` : "called by name";
}

function title(app: Application, home: string): string {
  const [kind, rest = ""] = [home.slice(0, home.indexOf(" ")), home.slice(home.indexOf(" ") + 1)];
  if (kind === "node") return app.nodes[Number(rest)]!.label;
  if (kind === "only") return `only ${app.nodes[Number(rest)]!.label}`;
  if (kind === "stack") return rest || "the first stack";
  return home === "alone" ? "nothing leads here" : "called by name only";
}

function columnWidth(app: Application, nodes: number[]): number {
  return LARGER * Math.max(0, ...nodes.map((node) => wide(app.nodes[node]!)));
}

/** Put nodes one below the other; returns where the column ends. */
function column(app: Application, made: Layout, nodes: number[], x: number): number {
  const width = columnWidth(app, nodes);
  for (const node of nodes) made.nodes.push({ node, part: 0, x, y: 0, width, height: LARGER * NODE.height, scale: LARGER });
  return x + width;
}

/** Put the blocks in rows, the highest first, so that the whole is drawn as large as it can be. */
function shelves(app: Application, made: Layout, blocks: Map<string, number[]>, from: number, beside: number, aspect: number): number {
  const sized = [...blocks].map(([home, nodes]) => block(app, title(app, home), nodes));
  sized.sort((a, b) => b.height - a.height || (a.title < b.title ? -1 : 1));
  const area = sized.reduce((sum, one) => sum + (one.width + BETWEEN) * (one.height + BETWEEN), 0);
  const widest = Math.max(0, ...sized.map((one) => one.width));
  let best = rows(sized, widest);
  for (const share of SHARES) {
    const tried = rows(sized, Math.max(widest, Math.sqrt(area * aspect * share)));
    const size = ({ width, height }: Rows) => Math.max((from + width + beside) / aspect, height + 48);
    if (size(tried) < size(best)) best = tried;
  }
  sized.forEach((one, at) => {
    const [x, y] = best.at[at]!;
    for (const box of [one, ...one.cells]) {
      box.x += from + x;
      box.y += y;
    }
    made.blocks.push({ x: one.x, y: one.y, width: one.width, height: one.height, nodes: one.nodes, title: one.title });
    made.nodes.push(...one.cells);
  });
  return from + best.width;
}

/** Shapes that are tried, as shares of the wanted width. */
const SHARES = [0.3, 0.45, 0.6, 0.75, 0.9, 1.1, 1.3, 1.6];

interface Rows {
  at: [number, number][];
  width: number;
  height: number;
}

function rows(boxes: Box[], limit: number): Rows {
  const made: Rows = { at: [], width: 0, height: 0 };
  let x = 0;
  let y = 0;
  for (const box of boxes) {
    if (x > 0 && x + box.width > limit) {
      x = 0;
      y = made.height + BETWEEN;
    }
    made.at.push([x, y]);
    made.width = Math.max(made.width, x + box.width);
    made.height = Math.max(made.height, y + box.height);
    x += box.width + BETWEEN;
  }
  return made;
}

function block(app: Application, title: string, nodes: number[]): Box & { nodes: number[]; cells: Placed[]; title: string } {
  const rank = (node: Node) => (node.kind === "function" ? 0 : 10) + (node.exposure ?? -1) / 10;
  const sorted = [...nodes].sort((a, b) => rank(app.nodes[b]!) - rank(app.nodes[a]!));
  const width = Math.max(...nodes.map((node) => cell(app.nodes[node]!)));
  const columns = Math.max(1, Math.round(Math.sqrt((nodes.length * (CELL.height + CELL.gap) * 1.7) / width)));
  const cells = sorted.map((node, at) => ({
    node,
    part: 0,
    x: CELL.pad + (at % columns) * (width + CELL.gap),
    y: CELL.head + CELL.pad + Math.floor(at / columns) * (CELL.height + CELL.gap),
    width,
    height: CELL.height,
  }));
  const rows = Math.ceil(nodes.length / columns);
  const functions = nodes.filter((node) => app.nodes[node]!.kind === "function").length;
  return {
    x: 0,
    y: 0,
    width: Math.max(140, columns * (width + CELL.gap) - CELL.gap + 2 * CELL.pad),
    height: rows * (CELL.height + CELL.gap) - CELL.gap + 2 * CELL.pad + CELL.head,
    nodes: sorted,
    cells,
    title: functions > 1 ? `${fitting(title, 160)} \u00b7 ${functions} functions` : title,
  };
}

/** Put the columns at the side in the middle of the height. */
function middle(made: Layout): void {
  const height = Math.max(0, ...made.blocks.map((one) => one.y + one.height));
  const inBlock = new Set(made.blocks.flatMap((one) => one.nodes));
  const columns = new Map<number, Placed[]>();
  for (const box of made.nodes) {
    if (inBlock.has(box.node)) continue;
    columns.set(box.x, [...(columns.get(box.x) ?? []), box]);
  }
  for (const boxes of columns.values()) {
    const tall = LARGER * NODE.height;
    const gap = Math.max(26, Math.min(160, height / (boxes.length + 1) - tall));
    const top = (height - boxes.length * (tall + gap) + gap) / 2;
    boxes.forEach((box, row) => (box.y = top + row * (tall + gap)));
  }
}

function lines(made: Layout, drawn: Drawn): void {
  const at = new Map(made.nodes.map((box) => [box.node, box]));
  for (const { edge, number } of drawn) {
    const points = joined(at.get(edge.from)!, at.get(edge.to)!);
    made.lines.push({ edge: number, part: 0, points, label: null });
  }
}

/** From side to side, whichever face each other. */
function joined(a: Box, b: Box): [number, number][] {
  const across = [a.y + a.height / 2, b.y + b.height / 2] as const;
  if (b.x >= a.x + a.width) return [[a.x + a.width, across[0]], [b.x, across[1]]];
  if (b.x + b.width <= a.x) return [[a.x, across[0]], [b.x + b.width, across[1]]];
  const [over, under] = a.y < b.y ? [a.y + a.height, b.y] : [a.y, b.y + b.height];
  return [[a.x + a.width / 2, over], [b.x + b.width / 2, under]];
}

/** Lead from what is shared to the blocks, once for each pair. */
function bundles(made: Layout, shared: Set<number>, drawn: Drawn): void {
  const at = new Map(made.nodes.map((box) => [box.node, box]));
  const blockOf = new Map(made.blocks.flatMap((one, number) => one.nodes.map((node) => [node, number] as const)));
  const most = new Map<string, number>();
  for (const { edge } of drawn) {
    const block = blockOf.get(edge.to);
    if (!shared.has(edge.from) || block === undefined) continue;
    const key = `${edge.from} ${block}`;
    most.set(key, Math.max(most.get(key) ?? 0, edge.exposure ?? 0));
  }
  for (const [key, exposure] of most) {
    const [from, block] = key.split(" ").map(Number) as [number, number];
    made.bundles.push({ points: joined(at.get(from)!, made.blocks[block]!), exposure });
  }
}

function frame(app: Application, made: Layout): void {
  const within = [...made.nodes.filter((box) => app.nodes[box.node]!.kind !== "outside"), ...made.blocks];
  const left = Math.min(...within.map((box) => box.x)) - 20;
  const top = Math.min(...within.map((box) => box.y)) - 28;
  const right = Math.max(...within.map((box) => box.x + box.width)) + 20;
  const bottom = Math.max(...within.map((box) => box.y + box.height)) + 20;
  made.boundaries.push({ x: left, y: top, width: right - left, height: bottom - top });
}
