// The way of a finding through the drawing: from whoever can begin it to what is then opened.
import { type Application, type Finding, OUTSIDE } from "./data";

export interface Way {
  nodes: Set<number>;
  edges: Set<number>;
  /** What the role of the function opens, once the function is taken over. */
  opened: Set<number>;
  edgesOpened: Set<number>;
}

export function wayOf(app: Application, finding: Finding): Way {
  const way: Way = { nodes: new Set(), edges: new Set(), opened: new Set(), edgesOpened: new Set() };
  for (const step of finding.steps) {
    if (step.node !== null) way.nodes.add(step.node);
    if (step.edge === null) continue;
    way.edges.add(step.edge);
    const edge = app.edges[step.edge]!;
    way.nodes.add(edge.from).add(edge.to);
  }
  if (finding.node === null) return way;
  way.nodes.add(finding.node);
  for (const number of shortest(app, finding)) {
    way.edges.add(number);
    way.nodes.add(app.edges[number]!.from).add(app.edges[number]!.to);
  }
  const ends = finding.ends && new Set(finding.ends);
  app.edges.forEach((edge, number) => {
    if (edge.kind !== "opens") return;
    // A path ends at what it says; a finding may lead to all that the function opens.
    if (ends ? !ends.has(edge.to) || !way.nodes.has(edge.from) : edge.from !== finding.node) return;
    if (ends) way.nodes.add(edge.to);
    way.opened.add(edge.to);
    way.edgesOpened.add(number);
  });
  return way;
}

/** What is lost with a function, once its code is taken over. */
export function lostWith(app: Application, node: number, lost: number[]): Way {
  const opened = new Set(lost);
  const edgesOpened = new Set<number>();
  app.edges.forEach((edge, number) => {
    if (edge.from === node && opened.has(edge.to) && edge.kind !== "names") edgesOpened.add(number);
  });
  return { nodes: new Set([node]), edges: new Set(), opened, edgesOpened };
}

/** The fewest edges by which someone as far outside as the finding says reaches its function. */
function shortest(app: Application, finding: Finding): number[] {
  if (finding.exposure < OUTSIDE) return [];
  const told = new Set(finding.steps.map((step) => step.edge));
  const into = new Map<number, number[]>();
  app.edges.forEach((edge, number) => {
    if (edge.kind !== "sends" || (edge.exposure ?? 0) < finding.exposure) return;
    if (!into.has(edge.to)) into.set(edge.to, []);
    into.get(edge.to)!.push(number);
  });
  // Edges that a step tells of come first among ways of one length.
  for (const edges of into.values()) edges.sort((a, b) => Number(told.has(b)) - Number(told.has(a)));
  const next = new Map<number, number>();
  const waiting = [finding.node!];
  const seen = new Set(waiting);
  for (const node of waiting) {
    const { kind, exposure } = app.nodes[node]!;
    if (kind === "outside" && exposure === finding.exposure) return way(app, next, node, finding.node!);
    for (const number of into.get(node) ?? []) {
      const from = app.edges[number]!.from;
      if (seen.has(from)) continue;
      seen.add(from);
      next.set(from, number);
      waiting.push(from);
    }
  }
  return [];
}

function way(app: Application, next: Map<number, number>, start: number, end: number): number[] {
  const edges = [];
  for (let node = start; node !== end; node = app.edges[edges.at(-1)!]!.to) edges.push(next.get(node)!);
  return edges;
}
