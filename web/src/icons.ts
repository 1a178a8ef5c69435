// The pictures of kinds, each drawn in a square of 16 by 16 with lines only.
const PICTURES: Record<string, string> = {
  function: "M4 13.5 8.2 5.6M5.4 2.5h1.1l5 11h1.6",
  bucket: "M2.5 4h11l-1.4 9a1 1 0 0 1-1 .8H4.9a1 1 0 0 1-1-.8zM2.5 4c0-1 2.5-1.8 5.5-1.8S13.5 3 13.5 4",
  table: "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.2 6.3V13",
  database: "M3 4c0-1 2.2-1.8 5-1.8s5 .8 5 1.8v8c0 1-2.2 1.8-5 1.8S3 13 3 12zM3 4c0 1 2.2 1.8 5 1.8S13 5 13 4M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8",
  files: "M3 2.5h6l4 4v7H3zM9 2.5v4h4",
  queue: "M2 5h3v6H2zM6.5 5h3v6h-3zM11 5h3v6h-3z",
  topic: "M3 6.5v3h2.5L10 12.5v-9L5.5 6.5zM12 6c.8 1.2.8 2.8 0 4",
  bus: "M2 8h12M4.5 8V4.5M8 8v3.5M11.5 8V4.5",
  stream: "M2 5c2-1.5 4 1.5 6 0s4-1.5 6 0M2 8.5C4 7 6 10 8 8.5s4-1.5 6 0M2 12c2-1.5 4 1.5 6 0s4-1.5 6 0",
  schedule: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.4",
  api: "M5.5 3.5 2 8l3.5 4.5M10.5 3.5 14 8l-3.5 4.5",
  url: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-1 1M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l1-1",
  cdn: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M2.6 8h10.8M8 2.6c3 3 3 7.8 0 10.8M8 2.6c-3 3-3 7.8 0 10.8",
  mail: "M2.5 4h11v8.5h-11zM2.5 4.5 8 9l5.5-4.5",
  machine: "M6 2.5h4v3H6zM2.5 10.5h4v3h-4zM9.5 10.5h4v3h-4zM8 5.5V8M4.5 10.5V8h7v2.5",
  secret: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  key: "M6 6.5a2.8 2.8 0 1 0 0 3h2.5l1.2 1.2 1.3-1.2 1.2 1.2 1.8-2.2-1-2z",
  users: "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6M2 13.2c0-2.6 1.8-4 4-4s4 1.4 4 4M11 3.3a2.2 2.2 0 0 1 0 4M12 9.5c1.3.6 2 1.8 2 3.7",
  outside: "M8 7.5A2.5 2.5 0 1 0 8 2.5a2.5 2.5 0 0 0 0 5M3.5 13.5c0-3 2-4.5 4.5-4.5s4.5 1.5 4.5 4.5",
  account: "M2.5 13.5V6L8 2.5 13.5 6v7.5zM6 13.5V9h4v4.5",
  log: "M3 3.5h10M3 6.5h10M3 9.5h7M3 12.5h5",
  resource: "M8 2.5 13 5.2v5.6L8 13.5 3 10.8V5.2zM3 5.2 8 8l5-2.8M8 8v5.5",
};

export function picture(kind: string): string {
  return Object.hasOwn(PICTURES, kind) ? PICTURES[kind]! : PICTURES.resource!;
}
