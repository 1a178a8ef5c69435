// Builds the page of the HTML report into the Python package: one script, one style sheet.
// `node build.mjs --check` writes nothing and fails if what is committed is not current.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = here("../src/stockade/reports/html/built/");
const check = process.argv.includes("--check");

const { outputFiles } = await build({
  entryPoints: { report: here("src/main.ts"), style: here("src/report.css") },
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  charset: "ascii",
  legalComments: "none",
  outdir: folder,
});

const licence = await readFile(here("node_modules/@dagrejs/dagre/LICENSE"), "utf8");
const made = {
  "report.js": outputFiles.find((file) => file.path.endsWith("report.js")).text,
  "report.css": outputFiles.find((file) => file.path.endsWith("style.css")).text,
  "dagre.LICENSE": licence,
};

let stale = 0;
for (const [name, text] of Object.entries(made)) {
  const current = await readFile(folder + name, "utf8").catch(() => "");
  if (current === text) continue;
  stale += 1;
  if (check) console.error(`stale: ${name}: \`make page\` builds it anew`);
  else await writeFile(folder + name, text);
}
process.exit(check && stale ? 1 : 0);
