/// <reference path="./.sst/platform/config.d.ts" />

// CVs that are mailed to jobs@ become candidates that recruiters can look up.
export default $config({
  app(input) {
    return {
      name: "cv-mailbox",
      removal: input?.stage === "production" ? "retain" : "remove",
      protect: input?.stage === "production",
      home: "aws",
    };
  },
  async run() {
    const { rules } = await import("./infra/intake");
    const { api } = await import("./infra/recruiters");

    return {
      api: api.url,
      // Make it the active one: aws ses set-active-receipt-rule-set --rule-set-name ...
      ruleSet: rules.ruleSetName,
    };
  },
});
