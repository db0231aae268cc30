// Judges HTML with html-validate, by the HTML standard and WCAG: each line of input is
// {"html": …}, and is answered by a line {"faults": […]}.
import readline from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const RULES = {
  "no-implicit-button-type": "off", // by the standard it submits, which all of ours are for
};

const judge = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    rules: RULES,
  }),
);

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const report = await judge.validateString(JSON.parse(line).html);
  const messages = report.results.flatMap((result) => result.messages);
  const faults = messages.map((each) => `${each.line}:${each.column} ${each.ruleId}: ${each.message}`);
  process.stdout.write(`${JSON.stringify({ faults })}\n`);
}
