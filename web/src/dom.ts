// Making elements. Texts become text nodes, always: nothing here can turn one into markup.

export type Child = Element | string | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | null | undefined>;

const SVG = "http://www.w3.org/2000/svg";

/** Make an HTML element; `class` may stand in the tag after dots, as in a selector. */
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name!);
  if (classes.length) element.className = classes.join(" ");
  return filled(element, attributes, children);
}

/** Make an SVG element. */
export function s(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const [name, ...classes] = tag.split(".");
  const element = document.createElementNS(SVG, name!) as SVGElement;
  if (classes.length) element.setAttribute("class", classes.join(" "));
  return filled(element, attributes, children);
}

function filled<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

export function button(tag: string, attributes: Attributes, act: () => void, ...children: Child[]) {
  const made = h(tag, { type: "button", ...attributes }, ...children) as HTMLButtonElement;
  made.addEventListener("click", act);
  return made;
}

/** What stands between backticks as code, the rest as it is. */
export function ticked(text: string): Child[] {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, at) => (at % 2 ? h("code", {}, part) : part));
}

/** Put `children` where others stood. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter((child): child is Element | string => !!child));
}

/** Whether the reader asked for less motion. */
export function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
