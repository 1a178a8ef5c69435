// Boxes and lines: what a layout is made of, and how parts of it are moved and packed.
import type { Edge } from "./data";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed extends Box {
  node: number;
  /** Which of several copies: who stands outside is drawn once for each part. */
  part: number;
  /** How much larger than others it is drawn. */
  scale?: number;
}

export interface Block extends Box {
  nodes: number[];
  title: string;
}

export interface Line {
  edge: number;
  part: number;
  points: [number, number][];
  label: [number, number] | null;
}

export interface Bundle {
  points: [number, number][];
  exposure: number;
}

export interface Layout {
  nodes: Placed[];
  blocks: Block[];
  lines: Line[];
  /** In a map, what leads from what many things share to a block. */
  bundles: Bundle[];
  /** The boundary around what is the application's, for each part that someone outside reaches. */
  boundaries: Box[];
  width: number;
  height: number;
  /** Whether lines are too many to show all of them at once. */
  map: boolean;
}

export function empty(): Layout {
  return { nodes: [], blocks: [], lines: [], bundles: [], boundaries: [], width: 0, height: 0, map: false };
}

/** Edges that are drawn, with their numbers. */
export type Drawn = { edge: Edge; number: number }[];

export const GAP = 36;

/** Move everything so that it begins at the origin, and measure it. */
export function moved(made: Layout, dx?: number, dy?: number): Layout {
  const boxes: Box[] = [...made.nodes, ...made.blocks, ...made.boundaries];
  const ways = [...made.lines, ...made.bundles];
  const points = ways.flatMap((line) => line.points);
  const left = Math.min(...boxes.map((box) => box.x), ...points.map(([x]) => x));
  const top = Math.min(...boxes.map((box) => box.y), ...points.map(([, y]) => y));
  const byX = (dx ?? 0) - (dx === undefined ? left : 0);
  const byY = (dy ?? 0) - (dy === undefined ? top : 0);
  for (const box of boxes) {
    box.x += byX;
    box.y += byY;
  }
  const done = new Set<[number, number][]>();
  for (const line of ways) {
    if (!done.has(line.points)) for (const point of line.points) (point[0] += byX), (point[1] += byY);
    done.add(line.points);
    if ("label" in line && line.label) line.label = [line.label[0] + byX, line.label[1] + byY];
  }
  made.width = Math.max(...boxes.map((box) => box.x + box.width), ...points.map(([x]) => x));
  made.height = Math.max(...boxes.map((box) => box.y + box.height), ...points.map(([, y]) => y));
  return made;
}

/** Put the parts in rows, the largest first, so that the whole has about the wanted shape. */
export function packed(parts: Layout[], aspect: number): Layout {
  const whole = empty();
  const area = parts.reduce((sum, part) => sum + (part.width + GAP) * (part.height + GAP), 0);
  const widest = Math.max(0, ...parts.map((part) => part.width));
  const limit = Math.max(widest, Math.sqrt(area * aspect) * 1.05);
  let x = 0;
  let y = 0;
  let row = 0;
  for (const part of [...parts].sort((a, b) => b.height - a.height)) {
    if (x > 0 && x + part.width > limit) {
      x = 0;
      y += row + GAP;
      row = 0;
    }
    moved(part, x, y);
    whole.nodes.push(...part.nodes);
    whole.blocks.push(...part.blocks);
    whole.lines.push(...part.lines);
    whole.bundles.push(...part.bundles);
    whole.boundaries.push(...part.boundaries);
    whole.width = Math.max(whole.width, part.width);
    whole.height = Math.max(whole.height, part.height);
    x = part.width + GAP;
    row = Math.max(row, part.height - y);
  }
  return whole;
}
