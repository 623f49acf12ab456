// Fields as chips: with their name in the reader's language and a sign of their kind, stepped over and deleted as one. What somebody is writing stays text
// until they go on; what is copied is the text.
import { forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint";
import { StateEffect, StateField, type EditorState, type Extension, type Transaction } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import type { NamedField, Objects } from "./objects";
import { referencesIn, type Reference } from "./references";

interface Naming {
  objects: Objects;
  object: string;
  language: string;
}
interface Shown {
  chips: DecorationSet;
  written: { from: number; to: number } | null; // the reference that somebody is writing
}

const signs: Partial<Record<NamedField["kind"], string>> = {
  text: "M2.5 3h7M6 3v7",
  number: "M4.5 2 3.5 10M8.5 2l-1 8M2 4.5h8M2 7.5h8",
  date: "M2 3.5h8v6.5h-8zM2 5.5h8M4 2v2M8 2v2",
  instant: "M6 1.8a4.2 4.2 0 1 0 .01 0M6 3.8V6.2l1.8 1",
  truth: "M2.5 6.5 5 9l4.5-5.5",
  record: "M3.5 8.5l5-5M4.5 3.5h4v4",
  records: "M2 3.5h8M2 6h8M2 8.5h8",
};
function signOf(kind: NamedField["kind"]): SVGElement {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement);
  svg!.setAttribute("viewBox", "0 0 12 12");
  svg!.setAttribute("aria-hidden", "true");
  path!.setAttribute("d", signs[kind] ?? signs.text!);
  svg!.append(path!);
  return svg!;
}

class Chip extends WidgetType {
  constructor(
    readonly name: string,
    readonly kind: NamedField["kind"],
    readonly text: string,
    readonly isWrong: boolean,
  ) {
    super();
  }
  override eq(other: Chip): boolean {
    return other.name === this.name && other.kind === this.kind && other.text === this.text && other.isWrong === this.isWrong;
  }
  override toDOM(): HTMLElement {
    const chip = document.createElement("span");
    chip.className = this.isWrong ? "formula-chip is-wrong" : "formula-chip";
    chip.dataset.text = this.text;
    chip.title = this.text;
    chip.append(signOf(this.kind), this.name);
    return chip;
  }
  override ignoreEvent(): boolean {
    return false; // a click puts the cursor beside it
  }
}

const renamed = StateEffect.define<null>();
export const nameAgain = (view: EditorView): void => {
  if (!view.composing) view.dispatch({ effects: renamed.of(null) });
};

function chipOf({ from, to, fields }: Reference, state: EditorState, { language }: Naming, wrong: { from: number; to: number }[]): Chip {
  const name = fields.map(({ code, labels }) => labels[language] ?? labels.en ?? code).join(" › ");
  const isWrong = wrong.some((one) => one.from < to && one.to > from);
  return new Chip(name, fields.at(-1)!.kind, state.sliceDoc(from, to), isWrong);
}

function shown(state: EditorState, naming: Naming, isWritten: (reference: Reference) => boolean): Shown {
  const wrong: { from: number; to: number }[] = [];
  forEachDiagnostic(state, (_, from, to) => wrong.push({ from, to }));
  const references = referencesIn(state.doc.toString(), naming.objects, naming.object);
  const written = references.find(isWritten) ?? null;
  const chips = references.filter((one) => one !== written).map((one) => Decoration.replace({ widget: chipOf(one, state, naming, wrong) }).range(one.from, one.to));
  return { chips: Decoration.set(chips), written: written && { from: written.from, to: written.to } };
}

function shownAfter(before: Shown, transaction: Transaction, naming: Naming): Shown {
  const { state, changes } = transaction;
  const { head } = state.selection.main;
  const isTyped = transaction.docChanged && (transaction.isUserEvent("input.type") || transaction.isUserEvent("delete"));
  const chips = before.chips.map(changes);
  const isChip = ({ from, to }: Reference) => {
    let found = false;
    chips.between(from, to, (begin, end) => void (found ||= begin === from && end === to));
    return found;
  };
  const was = before.written && { from: changes.mapPos(before.written.from, -1), to: changes.mapPos(before.written.to, 1) };
  return shown(state, naming, (one) => one.from <= head && head <= one.to && (isTyped ? !isChip(one) : !transaction.isUserEvent("input.complete") && was?.from === one.from && was.to === one.to));
}

export function fieldChips(naming: () => Naming): Extension {
  return StateField.define<Shown>({
    create: (state) => shown(state, naming(), () => false),
    update: (value, transaction) => {
      const isAsked = transaction.docChanged || transaction.selection || transaction.effects.some((effect) => effect.is(renamed) || effect.is(setDiagnosticsEffect));
      return isAsked ? shownAfter(value, transaction, naming()) : value;
    },
    provide: (field) => [EditorView.decorations.from(field, (value) => value.chips), EditorView.atomicRanges.of((view) => view.state.field(field).chips)],
  });
}
