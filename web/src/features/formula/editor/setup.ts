// How CodeMirror shows a formula: words in their colours, what can be written, the call around the cursor, what is wrong where it is.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { forceLinting, linter, type Diagnostic } from "@codemirror/lint";
import { Prec, RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, keymap, showTooltip, tooltips, ViewPlugin, type DecorationSet, type Tooltip, type ViewUpdate } from "@codemirror/view";
import type { FormulaFunction } from "../../../api/types";
import { Fault, upperAscii } from "../language/fault";
import { lexLoosely, type Token } from "../language/lexer";
import { findFunction } from "../language/functions";
import { accept } from "./accept";
import { fieldChips, nameAgain } from "./chips";
import { areValuesAt, choicesAt, type Choice } from "./complete";
import type { Objects } from "./objects";
import { placeIn } from "./place";
import { unitsOf } from "./references";

// What the editor asks for whenever it needs it.
export interface Known {
  objects: Objects;
  object: string;
  functions: FormulaFunction[];
  language: "en" | "zh-CN";
  fault: (text: string) => Fault | null;
}

const marks = Object.fromEntries(["number", "text", "word", "function", "name", "sign"].map((kind) => [kind, Decoration.mark({ class: `formula-${kind}` })]));
const reserved = new Set(["AND", "OR", "NOT", "IN", "TRUE", "FALSE"]);
function kindOf(token: Token, next: Token | undefined): string {
  if (token.kind === "quoted") return "name";
  if (token.kind !== "name") return token.kind;
  const upper = upperAscii(token.text);
  if (next?.kind === "sign" && next.text === "(" && findFunction(upper)) return "function";
  return reserved.has(upper) ? "word" : "name";
}
function coloursOf(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const units = unitsOf(text);
  const { tokens, open } = lexLoosely(text);
  tokens.forEach((token, i) => {
    if (token.kind !== "end" && token.at.length > 0) builder.add(units[token.at.begin]!, units[token.at.begin + token.at.length]!, marks[kindOf(token, tokens[i + 1])]!);
  });
  if (open !== null && units[open]! < text.length) builder.add(units[open]!, text.length, marks.text!);
  return builder.finish();
}
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = coloursOf(view.state.doc.toString());
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = coloursOf(update.state.doc.toString());
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const element = (name: string, className: string, text = ""): HTMLElement => Object.assign(document.createElement(name), { className, textContent: text });
function documentation(known: Known, { function: row, label, detail }: Choice): HTMLElement | null {
  if (!row) return detail === "" ? null : element("div", "formula-doc", `${label} · ${detail}`);
  const box = element("div", "formula-doc");
  box.append(element("code", "formula-doc-signature", row.signature), element("p", "", row.help[known.language] ?? row.help.en ?? ""));
  if (row.use) box.append(element("code", "formula-doc-example", row.use));
  for (const { text, value } of row.examples.slice(0, row.use ? 1 : 2)) if (value) box.append(element("code", "formula-doc-example", `${text} → ${value}`));
  return box;
}

function completionOf(known: Known, choice: Choice): Completion {
  const isCall = choice.kind === "function";
  return {
    label: choice.text,
    displayLabel: isCall ? choice.text : choice.label,
    detail: isCall ? "" : choice.detail,
    type: choice.kind,
    info: () => documentation(known, choice),
    apply: (view, _, from, to) => accept(view, choice, choice.from ?? from, to),
  };
}
const completing =
  (known: () => Known) =>
  (context: CompletionContext): CompletionResult | null => {
    const place = placeIn(context.state.doc.toString(), context.pos);
    const own = known();
    const isAsked = context.explicit || place.word !== "" || place.path !== null || place.phrases.length > 0 || areValuesAt(place, own);
    if (!isAsked) return null;
    const choices = choicesAt(place, own.objects, own.object, own.functions, own.language);
    return choices.length === 0 ? null : { from: place.from, options: choices.map((choice) => completionOf(own, choice)), filter: false };
  };

// The call around the cursor, its argument in bold, and what it does.
function signatureAt(state: EditorState, known: Known): Tooltip | null {
  const { head } = state.selection.main;
  const call = placeIn(state.doc.toString(), head).calls.at(-1);
  if (!call) return null;
  const { row, argument } = call;
  return {
    pos: head,
    above: true,
    create: () => {
      const dom = element("div", "formula-signature");
      dom.setAttribute("role", "note");
      const line = element("code", "");
      line.append(`${row.name}(`);
      row.params.forEach((param, i) => {
        const isHere = i === Math.min(argument, row.params.length - 1);
        line.append(i === 0 ? "" : ", ", element(isHere ? "b" : "span", "", `${param.name}${param.is_optional ? "?" : ""}${param.repeats ? "…" : ""}`));
      });
      line.append(")");
      const help = known.functions.find(({ name }) => name === row.name)?.help[known.language] ?? "";
      dom.append(line, element("span", "formula-signature-help", help));
      return { dom };
    },
  };
}
// Only as long as somebody writes: elsewhere it would cover what is below.
const focused = StateEffect.define<boolean>();
export const callHelp = (known: () => Known): Extension => {
  const field = StateField.define<{ isFocused: boolean; tip: Tooltip | null }>({
    create: () => ({ isFocused: false, tip: null }),
    update: (value, { docChanged, selection, effects, state }) => {
      const isFocused = effects.findLast((effect) => effect.is(focused))?.value ?? value.isFocused;
      if (!docChanged && !selection && isFocused === value.isFocused) return value;
      return { isFocused, tip: isFocused ? signatureAt(state, known()) : null };
    },
    provide: (own) => showTooltip.from(own, ({ tip }) => tip),
  });
  return [field, EditorView.focusChangeEffect.of((_, isFocused) => focused.of(isFocused))];
};

export function diagnosticOf(text: string, fault: Fault | null, language: Known["language"]): Diagnostic[] {
  if (!fault || text.trim() === "") return [];
  const units = unitsOf(text);
  const at = (index: number) => units[Math.min(index, units.length - 1)]!;
  const [begin, end] = [at(fault.at.begin), at(fault.at.begin + fault.at.length)];
  // What is missing at the end is shown at what stands before it.
  const from = begin < end ? begin : at(Math.max(0, fault.at.begin - 1));
  return [{ from, to: Math.max(end, from), severity: "error", message: fault.text[language] }];
}
// While a word is being completed it is not wrong yet.
const offering = StateField.define<boolean>({
  create: () => false,
  update: (value, { state }) => {
    const status = completionStatus(state);
    return status === "pending" ? value : status === "active";
  },
});
const isOffering = (state: EditorState) => state.field(offering, false) ?? false;
const checking = (known: () => Known): Extension =>
  linter((view) => (view.composing || isOffering(view.state) ? [] : diagnosticOf(view.state.doc.toString(), known().fault(view.state.doc.toString()), known().language)), {
    delay: 250,
    needsRefresh: ({ startState, state }) => isOffering(startState) !== isOffering(state),
  });
export function checkAgain(view: EditorView): void {
  nameAgain(view);
  forceLinting(view);
}

export interface Told {
  onChange: (text: string) => void;
  onOffer: (isOffering: boolean) => void; // the list of completions opened, or closed
}
export function setup(known: () => Known, label: string, { onChange, onOffer }: Told): Extension {
  const tell = (view: EditorView) => onChange(view.state.doc.toString());
  return [
    history(),
    colours,
    fieldChips(known),
    closeBrackets(),
    autocompletion({ override: [completing(known)], icons: false, activateOnTypingDelay: 60, tooltipClass: () => "formula-completions", optionClass: () => "formula-completion" }),
    offering,
    callHelp(known),
    checking(known),
    tooltips({ position: "fixed" }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocorrect: "off", autocapitalize: "off", inputmode: "text" }),
    EditorView.updateListener.of((update) => update.docChanged && !update.view.composing && tell(update.view)),
    EditorView.updateListener.of(({ startState, state }) => isOffering(startState) !== isOffering(state) && onOffer(isOffering(state))),
    // What an input method composed is told once it is whole.
    EditorView.domEventHandlers({ compositionend: (_, view) => void setTimeout(() => tell(view)) }),
    Prec.high(keymap.of([{ key: "Tab", run: acceptCompletion }])), // without a list of completions, Tab leaves the editor
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
  ];
}
