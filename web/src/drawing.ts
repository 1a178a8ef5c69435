// The application drawn: panned, zoomed, chosen from, and lit up step by step.
import type { Application, Finding } from "./data";
import { OUTSIDE, SEVERITIES, who } from "./data";
import { button, fill, h, s, still } from "./dom";
import { picture } from "./icons";
import type { Block, Box, Layout, Placed } from "./geometry";
import { arrange } from "./layout";
import { labelOf } from "./layered";
import { LABEL_FONT, fitting, textWidth } from "./text";
import type { Way } from "./ways";

export interface Lit {
  way: Way;
  /** What the step at hand is about. */
  node: number | null;
  edge: number | null;
}

/** Nodes up to which the tab key goes through all of them; the list of functions is the other way. */
const TABBED = 40;

/** What is left free around the drawing, for the tools and the legend. */
const MARGIN = { x: 48, y: 72 };

const TYPES: Record<string, string> = {
  api: "API",
  url: "function URL",
  cdn: "distribution",
  users: "identities",
  outside: "outside",
  machine: "state machine",
  files: "file system",
  bus: "event bus",
};

/** Say what a node is, in a word or two. */
export function typeOf(kind: string, type = ""): string {
  if (type === "every one") return "opened by *";
  const word = Object.hasOwn(TYPES, kind) ? TYPES[kind]! : kind;
  return word === "resource" && type ? type.split("::").slice(1).join(" ") || type : word;
}

export class Drawing {
  readonly element: HTMLElement;
  private svg: SVGElement;
  private world: SVGElement;
  private top = s("g.lifted", { "aria-hidden": "true" });
  private layout: Layout | null = null;
  private app: Application | null = null;
  private nodes = new Map<number, SVGElement[]>();
  private edges = new Map<number, SVGElement[]>();
  private boxes = new Map<number, Placed[]>();
  private view = { x: 0, y: 0, scale: 1 };
  private arranged = new Map<Application, Layout>();

  constructor(private choose: (node: number) => void) {
    this.world = s("g");
    this.svg = s("svg.drawing", { role: "group", "aria-label": "The application drawn" }, markers(), this.world);
    this.element = h(
      "section.picture",
      { "aria-label": "Drawing" },
      this.svg,
      h(
        "div.tools",
        {},
        button("button", { title: "Zoom in (+)", "aria-label": "Zoom in" }, () => this.zoom(1.25), "+"),
        button("button", { title: "Zoom out (-)", "aria-label": "Zoom out" }, () => this.zoom(0.8), "\u2212"),
        button("button", { title: "Show all (f)", "aria-label": "Show all" }, () => this.fit(true), "Fit"),
      ),
      legend(),
    );
    this.listen();
    new ResizeObserver(() => this.resized()).observe(this.element);
  }

  /** Draw an application, with how many findings each node has and how bad the worst is. */
  show(app: Application, findings: Finding[]): void {
    this.app = app;
    const { width, height } = this.size();
    let made = this.arranged.get(app);
    if (!made) this.arranged.set(app, (made = arrange(app, Math.max(0.8, (width - MARGIN.x) / Math.max(1, height - MARGIN.y)))));
    this.layout = made;
    this.nodes.clear();
    this.edges.clear();
    this.boxes.clear();
    const worst = new Map<number, [number, number]>();
    for (const finding of findings) {
      if (finding.node === null) continue;
      const [number, most] = worst.get(finding.node) ?? [0, 0];
      worst.set(finding.node, [number + 1, Math.max(most, finding.severity)]);
    }
    fill(
      this.world,
      ...made.boundaries.map((box) => boundary(box)),
      ...(made.map ? [] : made.blocks.map((block) => this.block(block))),
      s(
        "g.bundles",
        {},
        ...made.bundles.map(({ points, exposure }) =>
          s("path.bundle", { d: curve(points), "data-exposure": exposure >= OUTSIDE ? exposure : null }),
        ),
      ),
      ...(made.map ? made.blocks.map((block) => this.block(block)) : []),
      s("g.lines", {}, ...this.lines(made)),
      ...made.nodes.map((box) => this.node(box, worst.get(box.node))),
      ...(made.map ? made.blocks.map((block) => fromAfar(block)) : []),
      this.top,
    );
    this.svg.classList.toggle("dense", made.lines.length > 60);
    this.svg.classList.toggle("map", made.map);
    this.fit(false);
  }

  /** Light up a way through the application, and the step at hand; nothing puts it out. */
  light(lit: Lit | null, chosen: number | null = null): void {
    if (lit && !lit.way.nodes.size) lit = null;
    this.svg.classList.toggle("dim", lit !== null || chosen !== null);
    const near = chosen === null ? null : this.around(chosen);
    const nodes = lit ? lit.way.nodes : near?.nodes;
    const edges = lit ? lit.way.edges : near?.edges;
    fill(this.top);
    for (const element of this.svg.querySelectorAll(".node, .edge")) element.classList.remove("on", "then", "now");
    const mark = (elements: Map<number, SVGElement[]>, numbers: Iterable<number> | undefined, name: string) => {
      for (const number of numbers ?? []) for (const element of elements.get(number) ?? []) element.classList.add(name);
    };
    const now = lit ? lit.node : chosen;
    mark(this.nodes, nodes, "on");
    mark(this.edges, edges, "on");
    mark(this.nodes, lit?.way.opened, "then");
    mark(this.edges, lit?.way.edgesOpened, "then");
    mark(this.nodes, now === null ? [] : [now], "now");
    mark(this.edges, lit && lit.edge !== null ? [lit.edge] : [], "now");
    this.lift([...(nodes ?? [])]);
    if (nodes?.size) this.reveal([...nodes]);
  }

  fit(animated: boolean): void {
    if (this.layout) this.frame({ x: 0, y: 0, width: this.layout.width, height: this.layout.height }, animated);
  }

  zoom(by: number, at?: [number, number]): void {
    const { width, height } = this.size();
    const [x, y] = at ?? [width / 2, height / 2];
    const scale = Math.min(3, Math.max(0.05, this.view.scale * by));
    const ratio = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio };
    this.apply();
  }

  /** What a node is joined with, and the ways by which something reaches it. */
  private around(node: number): { nodes: Set<number>; edges: Set<number> } {
    const nodes = new Set([node]);
    const edges = new Set<number>();
    this.app!.edges.forEach((edge, number) => {
      if (edge.from !== node && edge.to !== node) return;
      edges.add(number);
      nodes.add(edge.from).add(edge.to);
    });
    const before = new Set([node]);
    for (const reached of before)
      this.app!.edges.forEach((edge, number) => {
        if (edge.to !== reached || edge.kind !== "sends") return;
        edges.add(number);
        nodes.add(edge.from);
        before.add(edge.from);
      });
    return { nodes, edges };
  }

  private node(box: Placed, found: [number, number] | undefined): SVGElement {
    const node = this.app!.nodes[box.node]!;
    const scale = box.scale ?? 1;
    const width = box.width / scale;
    const height = box.height / scale;
    const small = height < 36;
    const room = width - (small ? 34 : 42) - (found && small ? 10 : 0);
    const font = small ? "500 12px system-ui" : undefined;
    const exposed = node.exposure !== undefined ? who(node.exposure) : "";
    const told = `${node.label}, ${typeOf(node.kind, node.type)}${exposed && node.kind !== "outside" ? `, reached by ${exposed}` : ""}${found ? `, ${found[0]} findings` : ""}`;
    const made = s(
      "g",
      {
        class: `node ${node.kind === "function" ? "function" : node.kind === "outside" ? "outside" : "thing"}${small ? " small" : ""}`,
        transform: `translate(${box.x} ${box.y})${scale === 1 ? "" : ` scale(${scale})`}`,
        tabindex: this.app!.nodes.length > TABBED ? -1 : 0,
        role: "button",
        "aria-label": told,
        "data-exposure": node.exposure ?? null,
        "data-every": node.type === "every one" ? "yes" : null,
      },
      s("title", {}, told),
      s("rect.body", { width: width, height: height, rx: node.kind === "outside" ? height / 2 : 5 }),
      node.exposure !== undefined && node.kind !== "outside"
        ? s("path.strip", { d: `M5 0H4a4 4 0 0 0-4 4v${height - 8}a4 4 0 0 0 4 4h1z` })
        : null,
      s("path.icon", { d: picture(node.kind), transform: `translate(${small ? 10 : 13} ${height / 2 - 8})` }),
      s("text.label", { x: small ? 30 : 37, y: small ? 18.5 : node.kind === "outside" ? 24.5 : 17.5 }, fitting(node.label, room, font)),
      small || node.kind === "outside" ? null : s("text.type", { x: 37, y: 31 }, fitting(typeOf(node.kind, node.type), room, LABEL_FONT)),
      found ? badge(width, found) : null,
    );
    made.addEventListener("click", () => this.choose(box.node));
    made.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        this.choose(box.node);
      }
    });
    this.nodes.set(box.node, [...(this.nodes.get(box.node) ?? []), made]);
    this.boxes.set(box.node, [...(this.boxes.get(box.node) ?? []), box]);
    return made;
  }

  private block(block: Block): SVGElement {
    return s(
      "g.block",
      { transform: `translate(${block.x} ${block.y})` },
      s("rect", { width: block.width, height: block.height, rx: 6 }),
      s("text", { x: 9, y: 18 }, fitting(block.title, block.width - 16, LABEL_FONT)),
    );
  }

  private *lines(made: Layout): Iterable<SVGElement> {
    const shared = new Map<unknown, SVGElement>();
    for (const line of made.lines) {
      const edge = this.app!.edges[line.edge]!;
      let drawn = shared.get(line.points);
      if (!drawn) {
        const exposed = edge.kind === "sends" && (edge.exposure ?? 0) >= OUTSIDE ? edge.exposure! : null;
        const text = line.label ? labelOf(edge) : "";
        const width = text ? textWidth(text, LABEL_FONT) + 8 : 0;
        drawn = s(
          "g",
          { class: `edge ${edge.kind}${edge.wide ? " wide" : ""}${this.app!.nodes[edge.from]!.kind === "outside" ? " entering" : ""}`, "data-exposure": exposed },
          s("title", {}, (edge.told ?? []).join("\n")),
          s("path", { d: curve(line.points), "marker-end": "url(#arrow)" }),
          text ? s("rect", { x: line.label![0] - width / 2, y: line.label![1] - 8, width, height: 16, rx: 3 }) : null,
          text ? s("text", { x: line.label![0], y: line.label![1] + 4, "text-anchor": "middle" }, text) : null,
        );
        shared.set(line.points, drawn);
        yield drawn;
      }
      this.edges.set(line.edge, [...(this.edges.get(line.edge) ?? []), drawn]);
    }
  }

  /** Put what is lit on top once more, large enough to be read from afar. */
  private lift(nodes: number[]): void {
    const lifted = [];
    for (const number of this.layout?.map ? nodes : [])
      for (const [at, element] of (this.nodes.get(number) ?? []).entries()) {
        const { x, y, width, height, scale } = this.boxes.get(number)![at]!;
        if (scale) continue;
        const copy = element.cloneNode(true) as SVGElement;
        copy.setAttribute("transform", `translate(${-width / 2} ${-height / 2})`);
        copy.removeAttribute("tabindex");
        const middle = `translate(${x + width / 2} ${y + height / 2})`;
        lifted.push(s("g", { transform: middle }, s("g.enlarged", {}, copy)));
      }
    fill(this.top, ...lifted);
  }

  private reveal(nodes: number[]): void {
    const boxes = nodes.flatMap((node) => this.boxes.get(node)?.slice(0, 1) ?? []);
    if (!boxes.length) return;
    // In a map, what is lit is drawn larger than it is.
    const room = this.layout?.map ? 140 : 0;
    const left = Math.min(...boxes.map((box) => box.x)) - room / 4;
    const top = Math.min(...boxes.map((box) => box.y)) - room / 4;
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + room;
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    const { width, height } = this.size();
    const { x, y, scale } = this.view;
    const seen =
      left * scale + x >= 0 && top * scale + y >= 0 && right * scale + x <= width && bottom * scale + y <= height;
    if (!seen || scale < 0.5) this.frame({ x: left, y: top, width: right - left, height: bottom - top }, true);
  }

  private frame(box: Box, animated: boolean): void {
    const { width, height } = this.size();
    const scale = Math.min(1.15, (width - MARGIN.x) / Math.max(box.width, 1), (height - MARGIN.y) / Math.max(box.height, 1));
    this.view = {
      scale,
      x: (width - box.width * scale) / 2 - box.x * scale,
      y: Math.max(20, (height - 40 - box.height * scale) / 2) - box.y * scale,
    };
    this.world.classList.toggle("gliding", animated && !still());
    this.apply();
  }

  private apply(): void {
    const { x, y, scale } = this.view;
    this.world.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.svg.classList.toggle("far", scale < 0.42);
    this.svg.style.setProperty("--enlarge", String(Math.min(4, Math.max(1, 0.85 / scale))));
  }

  private size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.element;
    return { width: clientWidth || 900, height: clientHeight || 420 };
  }

  private before = { width: 0, height: 0 };

  private resized(): void {
    const { width, height } = this.size();
    if (Math.abs(width - this.before.width) + Math.abs(height - this.before.height) > 8) this.fit(false);
    this.before = { width, height };
  }

  private listen(): void {
    let held: { x: number; y: number; id: number; moved: boolean } | null = null;
    const svg = this.svg as unknown as HTMLElement;
    svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0) held = { x: event.clientX, y: event.clientY, id: event.pointerId, moved: false };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const dx = event.clientX - held.x;
      const dy = event.clientY - held.y;
      if (!held.moved && Math.hypot(dx, dy) < 4) return;
      if (!held.moved) svg.setPointerCapture(held.id);
      this.world.classList.remove("gliding");
      this.view.x += dx;
      this.view.y += dy;
      held = { ...held, x: event.clientX, y: event.clientY, moved: true };
      this.apply();
    });
    svg.addEventListener("pointerup", () => (held = null));
    svg.addEventListener("pointercancel", () => (held = null));
    svg.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.world.classList.remove("gliding");
        const at = svg.getBoundingClientRect();
        this.zoom(Math.exp(-event.deltaY * 0.0015), [event.clientX - at.left, event.clientY - at.top]);
      },
      { passive: false },
    );
  }
}

/** Smaller than this, what is said from afar cannot be read either. */
const LEGIBLE = 22;

/** What a block says when its nodes are too small to read. */
function fromAfar({ x, y, width, height, title }: Block): SVGElement | null {
  const [name, rest] = title.split(" \u00b7 ") as [string, string?];
  const size = Math.min(54, height * 0.3, (width * 0.92) / Math.max(1, textWidth(name, "600 10px system-ui") / 10));
  if (size < LEGIBLE) return null;
  const made = s(
    "text.afar",
    { x: x + width / 2, y: y + height / 2 + size * (rest ? 0 : 0.33), "text-anchor": "middle" },
    name,
    rest ? s("tspan", { x: x + width / 2, dy: "1.1em" }, rest) : null,
  );
  made.style.fontSize = `${size}px`;
  return made;
}

function boundary(box: Box): SVGElement {
  return s(
    "g.boundary",
    { transform: `translate(${box.x} ${box.y})` },
    s("rect", { width: box.width, height: box.height, rx: 8 }),
    s("text", { x: 11, y: 16 }, "trust boundary"),
  );
}

function badge(width: number, [number, severity]: [number, number]): SVGElement {
  const text = number > 99 ? "99+" : String(number);
  const size = Math.max(17, textWidth(text, "600 10.5px system-ui") + 10);
  return s(
    "g.badge",
    { "data-severity": SEVERITIES[severity] ?? "", transform: `translate(${width - size / 2 + 6} 0.5)` },
    s(
      "g.enlarged",
      {},
      s("rect", { x: -size / 2, y: -8.5, width: size, height: 17, rx: 8.5 }),
      s("text", { y: 4, "text-anchor": "middle" }, text),
    ),
  );
}

function markers(): SVGElement {
  return s(
    "defs",
    {},
    s(
      "marker",
      { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
      s("path", { d: "M0.5 0.8 7 4 0.5 7.2z", fill: "context-stroke" }),
    ),
  );
}

/** A smooth line through points: straight at its ends, so that arrows point into what they meet. */
function curve(points: [number, number][]): string {
  const [first, ...rest] = points;
  let path = `M${first![0]} ${first![1]}`;
  let [x, y] = first!;
  for (const [nextX, nextY] of rest) {
    const middle = (x + nextX) / 2;
    path += `C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
  }
  return path;
}

function legend(): HTMLElement {
  const entry = (name: string, told: string) =>
    h("li", {}, h(`span.key.${name}`, { "aria-hidden": "true" }), told);
  return h(
    "ul.legend",
    { "aria-label": "Legend" },
    entry("anyone", "anyone"),
    entry("signed-in", "signed-in, partner, other account"),
    entry("application", "only inside"),
    entry("sends", "sends"),
    entry("opens", "role opens"),
    entry("names", "is told the name"),
  );
}
