// What is written where somebody takes an offer, and where the cursor stands then.
import { insertBracket, startCompletion } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { findFunction } from "../language/functions";
import type { Choice } from "./complete";

type View = Pick<EditorView, "state" | "dispatch">;
const joints = new Set(["AND", "OR", "NOT"]);

function open(view: View, at: number, isClosed: boolean): void {
  const pair = insertBracket(view.state, "("); // so that a typed ) steps over the one that is there
  if (pair) view.dispatch(pair);
  else view.dispatch({ changes: { from: at, insert: isClosed ? "()" : "(" }, selection: { anchor: at + 1 } });
}

// True where the first argument is to be written.
function write(view: View, { kind, text, closing }: Choice, from: number, to: number): boolean {
  const rest = view.state.sliceDoc(to);
  if (closing !== undefined) {
    const written = /^[\p{L}\p{N}_.-]*/u.exec(rest)![0].length; // of the text that stands there
    const replaced = rest.startsWith(closing, written) ? written + closing.length : 0;
    const insert = text + closing;
    view.dispatch({ changes: { from, to: to + replaced, insert }, selection: { anchor: from + insert.length }, userEvent: "input.complete", scrollIntoView: true });
    return false;
  }
  const isList = kind === "word" && text.endsWith("IN") && !/^\s*\(/.test(rest);
  const isBlankNeeded = kind === "word" && (joints.has(text) || isList) && !/^\s/.test(rest);
  const insert = isBlankNeeded ? `${text} ` : text;
  const end = from + insert.length;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: end }, userEvent: "input.complete", scrollIntoView: true });
  if (isList) open(view, end, true);
  if (kind !== "function") return false;
  const isAlone = findFunction(text)?.params.every((param) => param.is_optional) ?? false;
  if (rest.startsWith("(")) view.dispatch({ selection: { anchor: end + 1 } });
  else open(view, end, isAlone);
  if (isAlone && view.state.sliceDoc(end + 1, end + 2) === ")") view.dispatch({ selection: { anchor: end + 2 } });
  return !isAlone;
}
export function accept(view: EditorView, choice: Choice, from: number, to: number): void {
  if (write(view, choice, from, to)) startCompletion(view);
}
