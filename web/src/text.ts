// Texts in drawings: how wide they are, and what of them fits.

export const LABEL_FONT = "11px system-ui, sans-serif";

const canvas = document.createElement("canvas").getContext("2d")!;

/** How wide a text is drawn, in pixels. */
export function textWidth(text: string, font = "500 12.5px system-ui, sans-serif"): number {
  canvas.font = font;
  return canvas.measureText(text).width;
}

/** Shorten a text to a width. */
export function fitting(text: string, width: number, font?: string): string {
  if (textWidth(text, font) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle)}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

