// What is written where a field's codes are meant.
import { beginningOf, Fault, lowerAscii, said } from "./fault";
import type { Checked } from "./fit";
import type { Choice } from "./type";

const choicesOf = ({ form, args, path }: Checked): Choice[] | undefined => (form === "gather" ? choicesOf(args[0]!) : form === "field" ? path.at(-1)?.choices : undefined);

function checkCode({ form, op, constant, args, at }: Checked, choices: Choice[]): void {
  if (form === "call" && op === "list") for (const member of args) checkCode(member, choices);
  if (form !== "constant" || typeof constant !== "string" || choices.some(({ code }) => code === constant)) return;
  const meant = choices.find(({ labels }) => labels.some((label) => lowerAscii(label) === lowerAscii(constant)));
  if (!meant) return;
  const shown = beginningOf(constant, 60);
  throw new Fault(at, "formula.shown_word", said(`“${shown}” is how ${meant.code} is shown; write "${meant.code}".`, `“${shown}”是 ${meant.code} 的显示名称，应写作 "${meant.code}"。`));
}

// Where a field's choices are compared with a text that is written out.
export function checkCodes(args: Checked[]): void {
  for (const arg of args) {
    const choices = choicesOf(arg);
    if (choices) for (const other of args) checkCode(other, choices);
  }
}
