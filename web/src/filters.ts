// Which findings are shown.
import { type Finding, report, ruleOf, written } from "./data";

export interface Filters {
  text: string;
  severities: Set<number>;
  exposure: number | null;
  rule: string;
}

export function nothing(): Filters {
  return { text: "", severities: new Set(), exposure: null, rule: "" };
}

const texts = new WeakMap<Finding, string>();

function textOf(finding: Finding): string {
  let text = texts.get(finding);
  if (text === undefined) {
    const rule = ruleOf(finding);
    const app = finding.application === null ? undefined : report.applications[finding.application];
    text = [
      finding.message,
      rule?.id,
      rule?.practice,
      rule?.cwe.map((cwe) => `CWE-${cwe}`).join(" "),
      written(finding.at),
      app?.name,
      finding.fingerprint,
      ...finding.steps.map((step) => written(step.at)),
    ]
      .join(" ")
      .toLowerCase();
    texts.set(finding, text);
  }
  return text;
}

/** Whether every word that was searched for stands somewhere in `text`. */
export function holds(text: string, searched: string): boolean {
  return searched
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function passes(finding: Finding, filters: Filters): boolean {
  if (filters.severities.size && !filters.severities.has(finding.severity)) return false;
  if (filters.exposure !== null && finding.exposure !== filters.exposure) return false;
  const rule = ruleOf(finding);
  if (filters.rule && rule?.id !== filters.rule && rule?.practice !== filters.rule) return false;
  return holds(textOf(finding), filters.text);
}
