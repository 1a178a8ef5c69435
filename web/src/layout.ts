// Where everything stands: in layers if there is little enough to follow each line, else as a map.
import type { Application } from "./data";
import type { Layout } from "./geometry";
import { grouped, layered } from "./layered";
import { mapped } from "./mapped";

/** Groups and lines up to which every line can be followed. */
const LAYERED = { groups: 34, lines: 80 };

export function arrange(app: Application, aspect: number): Layout {
  const opened = new Set(app.edges.filter((edge) => edge.kind === "opens").map((edge) => `${edge.from} ${edge.to}`));
  const drawn = app.edges
    .map((edge, number) => ({ edge, number }))
    .filter(({ edge }) => edge.kind !== "names" || !opened.has(`${edge.from} ${edge.to}`));
  const groups = grouped(app, drawn);
  if (groups.length > LAYERED.groups || drawn.length > LAYERED.lines) return mapped(app, drawn, aspect);
  return layered(app, drawn, groups, aspect);
}

