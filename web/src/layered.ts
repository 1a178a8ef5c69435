// Layers from who sends to what is opened, by dagre. Functions with the same triggers and the same
// data stand together in one block; what is not connected is laid out apart and packed beside it.
import { Graph, layout } from "@dagrejs/dagre";
import type { Application, Edge, Node } from "./data";
import { type Box, type Drawn, type Layout, type Line, type Placed, empty, moved, packed } from "./geometry";
import { LABEL_FONT, fitting, textWidth } from "./text";

export const NODE = { height: 40, least: 112, most: 216 };
export const CELL = { height: 28, gap: 5, pad: 8, head: 20 };
const FROM_LABELS = 60;

export interface Group {
  nodes: number[];
  cells: number;
  title: string;
  width: number;
  height: number;
}

/** Lay out an application whose groups were made. */
export function layered(app: Application, drawn: Drawn, groups: Group[], aspect: number): Layout {
  const groupOf = new Map<number, number>();
  groups.forEach((group, number) => group.nodes.forEach((node) => groupOf.set(node, number)));
  const parts = connected(app, groups, groupOf, drawn.map(({ edge }) => edge));
  const laid = parts.map((part, number) => one(app, groups, groupOf, drawn, part, number));
  return packed(laid, aspect);
}

/** Put functions together that have the same neighbours; everything else is a group of one. */
export function grouped(app: Application, drawn: Drawn): Group[] {
  const near: string[][] = app.nodes.map(() => []);
  for (const { edge } of drawn) {
    near[edge.from]!.push(`>${edge.kind}${edge.to}`);
    near[edge.to]!.push(`<${edge.kind}${edge.from}`);
  }
  const together = new Map<string, number[]>();
  app.nodes.forEach((node, number) => {
    const alone = near[number]!.length === 0;
    const key =
      node.kind === "function" || alone
        ? `${alone ? "" : node.kind} ${[...new Set(near[number])].sort().join(" ")}`
        : `one ${number}`;
    const known = together.get(key);
    if (known) known.push(number);
    else together.set(key, [number]);
  });
  return [...together.values()].map((nodes) => sized(app, nodes, titleOf(app, nodes, near)));
}

function titleOf(app: Application, nodes: number[], near: string[][]): string {
  if (near[nodes[0]!]!.length) return `${nodes.length} with the same triggers and data`;
  const functions = nodes.every((node) => app.nodes[node]!.kind === "function");
  return functions ? "called by name only" : "nothing leads here";
}

function sized(app: Application, nodes: number[], title: string): Group {
  if (nodes.length === 1) {
    const node = app.nodes[nodes[0]!]!;
    return { nodes, title, cells: 1, width: wide(node), height: NODE.height };
  }
  const width = Math.max(...nodes.map((node) => cell(app.nodes[node]!)));
  const cells = Math.max(1, Math.round(Math.sqrt((nodes.length * CELL.height * 2.2) / width)));
  const rows = Math.ceil(nodes.length / cells);
  return {
    nodes,
    title,
    cells,
    width: Math.max(190, cells * (width + CELL.gap) - CELL.gap + 2 * CELL.pad),
    height: rows * (CELL.height + CELL.gap) - CELL.gap + 2 * CELL.pad + CELL.head,
  };
}

export function wide(node: Node): number {
  const text = node.kind === "outside" ? textWidth(node.label, "600 12.5px system-ui, sans-serif") + 8 : textWidth(node.label);
  return Math.round(Math.min(NODE.most, Math.max(NODE.least, text + 52)));
}

export function cell(node: Node): number {
  return Math.round(Math.min(190, Math.max(96, textWidth(node.label, "500 12px system-ui") + 40)));
}

/** Find the parts that hang together; who stands outside joins nothing. */
function connected(
  app: Application,
  groups: Group[],
  groupOf: Map<number, number>,
  edges: Edge[],
): number[][] {
  const outside = (node: number) => app.nodes[node]!.kind === "outside";
  const parent = groups.map((_, number) => number);
  const root = (number: number): number => {
    while (parent[number] !== number) number = parent[number] = parent[parent[number]!]!;
    return number;
  };
  for (const edge of edges) {
    if (outside(edge.from) || outside(edge.to)) continue;
    parent[root(groupOf.get(edge.from)!)] = root(groupOf.get(edge.to)!);
  }
  const parts = new Map<number, number[]>();
  groups.forEach((group, number) => {
    if (outside(group.nodes[0]!)) return;
    const of = root(number);
    if (!parts.has(of)) parts.set(of, []);
    parts.get(of)!.push(number);
  });
  return [...parts.values()];
}

/** Lay out one part, with its own copy of whoever reaches it from outside. */
function one(
  app: Application,
  groups: Group[],
  groupOf: Map<number, number>,
  drawn: Drawn,
  part: number[],
  number: number,
): Layout {
  const members = new Set(part);
  const inside = drawn.filter(({ edge }) => members.has(groupOf.get(edge.to)!));
  const labelled = inside.length <= FROM_LABELS;
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 22, ranksep: labelled ? 44 : 72, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const place = (group: number) => {
    const { width, height } = groups[group]!;
    graph.setNode(String(group), { width, height });
  };
  part.forEach(place);
  const bundles = new Map<string, number[]>();
  const entered = new Set<number>();
  for (const { edge, number } of inside) {
    const start = groupOf.get(edge.from)!;
    const end = groupOf.get(edge.to)!;
    if (!members.has(start)) place(start);
    if (start !== end) entered.add(end);
    const key = `${start} ${end} ${edge.kind}`;
    if (bundles.has(key)) bundles.get(key)!.push(number);
    else bundles.set(key, [number]);
  }
  for (const [key, edges] of bundles) {
    const [start, end, kind] = key.split(" ") as [string, string, string];
    const text = labelled && edges.length === 1 ? labelOf(app.edges[edges[0]!]!) : "";
    const width = text ? textWidth(text, LABEL_FONT) + 12 : 0;
    graph.setEdge(
      start,
      end,
      { width, height: text ? 16 : 0, labelpos: "c", weight: kind === "sends" ? 3 : 1 },
      kind,
    );
  }
  root(graph, (group) => !members.has(group), entered);
  layout(graph);
  graph.removeNode(ROOT);
  const made = empty();
  for (const id of graph.nodes()) spread(made, groups[Number(id)]!, graph.node(id) as Box, number);
  for (const [key, edges] of bundles) {
    const [start, end, kind] = key.split(" ") as [string, string, string];
    const { points, x, y } = graph.edge(start, end, kind) as {
      points: { x: number; y: number }[];
      x?: number;
      y?: number;
    };
    const way = points.map((point) => [point.x, point.y] as [number, number]);
    edges.forEach((edge) =>
      made.lines.push({
        edge,
        part: number,
        points: way,
        label: labelled && edges.length === 1 && x !== undefined ? [x, y!] : null,
      }),
    );
  }
  return framed(app, made);
}

const ROOT = "root";

/** Put who stands outside before everything else: the boundary lies between. */
function root(graph: Graph, outside: (group: number) => boolean, entered: Set<number>): void {
  const groups = graph.nodes().map(Number);
  if (!groups.some(outside)) return;
  graph.setNode(ROOT, { width: 0, height: 0 });
  for (const group of groups) {
    if (outside(group)) graph.setEdge(ROOT, String(group), { minlen: 1, weight: 1000 });
    else if (!entered.has(group)) graph.setEdge(ROOT, String(group), { minlen: 2, weight: 0 });
  }
}

/** What stands on an edge: the first thing it tells, and how many more. */
export function labelOf(edge: Edge): string {
  const told = edge.told ?? [];
  if (!told.length) return "";
  const more = told.length > 1 ? ` +${told.length - 1}` : "";
  return fitting(told[0]!, 150, LABEL_FONT) + more;
}

function spread(made: Layout, group: Group, at: Box, part: number): void {
  const left = at.x - group.width / 2;
  const top = at.y - group.height / 2;
  if (group.nodes.length === 1) {
    const { width, height } = group;
    made.nodes.push({ node: group.nodes[0]!, part, x: left, y: top, width, height });
    return;
  }
  const { width, height, nodes } = group;
  made.blocks.push({ x: left, y: top, width, height, nodes, title: group.title });
  const cellWidth = (width - 2 * CELL.pad + CELL.gap) / group.cells - CELL.gap;
  nodes.forEach((node, index) => {
    const column = index % group.cells;
    const row = Math.floor(index / group.cells);
    made.nodes.push({
      node,
      part,
      x: left + CELL.pad + column * (cellWidth + CELL.gap),
      y: top + CELL.head + CELL.pad + row * (CELL.height + CELL.gap),
      width: cellWidth,
      height: CELL.height,
    });
  });
}

/** Draw the boundary around what is the application's, if someone outside is drawn. */
function framed(app: Application, made: Layout): Layout {
  const isOutside = (box: Placed) => app.nodes[box.node]!.kind === "outside";
  const within = [...made.nodes.filter((box) => !isOutside(box)), ...made.blocks];
  if (made.nodes.some(isOutside)) {
    const left = Math.min(...within.map((box) => box.x)) - 16;
    const top = Math.min(...within.map((box) => box.y), ...made.lines.flatMap(lows)) - 26;
    const right = Math.max(...within.map((box) => box.x + box.width)) + 16;
    const bottom = Math.max(...within.map((box) => box.y + box.height), ...made.lines.flatMap(highs)) + 16;
    made.boundaries.push({ x: left, y: top, width: right - left, height: bottom - top });
  }
  return moved(made);
}

const lows = (line: Line) => line.points.map(([, y]) => y);
const highs = lows;

