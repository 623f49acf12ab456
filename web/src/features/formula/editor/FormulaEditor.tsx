// A text field for one formula.
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { checkAgain, setup, type Known } from "./setup";
import "./editor.css";

interface Props {
  label: string;
  value: string;
  known: Known;
  onChange: (text: string) => void;
  onOffer: (isOffering: boolean) => void;
}

export function FormulaEditor({ label, value, known, onChange, onOffer }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const told = useRef<string[]>([]); // what was written here and has not come back yet
  const current = useRef({ known, onChange, onOffer, value });
  useEffect(() => {
    current.current = { known, onChange, onOffer, value };
    if (view.current) checkAgain(view.current);
  }, [known, onChange, onOffer, value]);
  useEffect(() => {
    const own = new EditorView({
      parent: host.current!,
      state: EditorState.create({ doc: current.current.value, extensions: setup(() => current.current.known, label, {
          onChange: (text) => {
            told.current.push(text);
            current.current.onChange(text);
          },
          onOffer: (isOffering) => current.current.onOffer(isOffering),
        }) }),
    });
    view.current = own;
    return () => own.destroy();
  }, [label]);
  useEffect(() => {
    const own = view.current;
    const echo = told.current.lastIndexOf(value);
    if (echo >= 0) told.current.splice(0, echo + 1);
    if (!own || echo >= 0 || own.composing || own.state.doc.toString() === value) return;
    told.current = [];
    own.dispatch({ changes: { from: 0, to: own.state.doc.length, insert: value } });
  }, [value]);
  return <div className="formula-editor" ref={host} />;
}
