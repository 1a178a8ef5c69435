// On paper: every finding of what is shown, in full, one after the other.
import type { Finding } from "./data";
import { count, report, ruleOf, who, written } from "./data";
import { code, place, severityOf } from "./detail";
import { fill, h, ticked } from "./dom";

export function onPrint(element: HTMLElement, findings: () => Finding[]): void {
  addEventListener("beforeprint", () => {
    const printed = findings();
    fill(
      element,
      h("h1", {}, `stockade: ${report.root}`),
      h("p", {}, `${count(report.applications.length, "application")}, ${count(printed.length, "finding")}`),
      ...printed.map(onPaper),
      report.unseen.length ? h("h2", {}, "Not seen") : null,
      h("ul", {}, ...report.unseen.map((one) => h("li", {}, `${one.why} `, place(one.at)))),
    );
  });
  addEventListener("afterprint", () => fill(element));
}

function onPaper(finding: Finding): HTMLElement {
  const rule = ruleOf(finding);
  return h(
    "article",
    {},
    h("h2", {}, severityOf(finding), " ", finding.message),
    h("p", {}, [rule?.id, rule && `practice ${rule.practice}`, who(finding.exposure), written(finding.at)].filter(Boolean).join(", ")),
    h("ol", {}, ...finding.steps.map((step) => h("li", {}, ...ticked(`${step.notes.join(", ")} `), place(step.at), code(step)))),
    finding.help ? h("p", {}, ...ticked(`Instead: ${finding.help}`)) : null,
  );
}
