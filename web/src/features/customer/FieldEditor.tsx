// One field, edited where it stands: Enter saves, Escape cancels; what sources say is one key away.
import { Button, Input } from "antd";
import { useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { asFailure, inputOf } from "../../api/failure";
import type { CustomerPage as Whole } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { isComposing } from "../../design/keyboard";
import { RelativeTime } from "../../design/pieces";
import type { Saying } from "./edit";
import { History } from "./History";
import { useCustomerText } from "./texts";
import { useSay } from "./use_edit";
import { suggested, useSuggestions } from "./use_list_fields";

export function FieldEditor({ customer, code, label, onClose }: { customer: Whole; code: string; label: string; onClose: () => void }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const origin = customer.provenance[code];
  const [text, setText] = useState(format.value(customer.fields[code] ?? ""));
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const tell = useSay();
  const help = useId();
  const values = useId();
  const { suggest, onFocusField } = useSuggestions();

  const run = async (saying: Saying, done: string) => {
    setBusy(true);
    setProblem(null);
    try {
      await tell(customer, saying, done);
      onClose();
    } catch (thrown) {
      const failure = asFailure(thrown);
      const own = failure.fields.find(({ path }) => inputOf(path).endsWith(code));
      setProblem(failure.kind === "conflict" ? say("edit.conflict") : (own?.message ?? failure.message) || say("edit.failed"));
      setBusy(false);
    }
  };
  const save = () => {
    if (isBusy) return;
    if (text.trim() === "" && !customer.fields[code]) return onClose();
    void run({ fields: { [code]: text.trim() === "" ? null : text } }, say(text.trim() === "" ? "edit.done_hidden" : "edit.done", { field: label }));
  };
  const box = useRef<HTMLDivElement>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      save();
    }
  });
  useEffect(() => {
    const element = box.current!;
    const listener = (event: KeyboardEvent) => onKey(event);
    element.addEventListener("keydown", listener);
    return () => element.removeEventListener("keydown", listener);
  }, []);
  const isByHand = origin?.rule === "manual" || origin?.rule === "hidden";
  const hasValue = customer.fields[code] !== undefined && customer.fields[code] !== null;
  const stands = origin && !isByHand ? [{ value: origin.value, source: origin.source, at: origin.at }] : [];
  const candidates = [...stands, ...(origin?.others ?? [])];
  return (
    <div className="field-editor" role="group" aria-label={say("edit", { field: label })} ref={box}>
      <Input autoFocus list={values} value={text} onChange={(event) => setText(event.target.value)} status={problem ? "error" : undefined} aria-label={say("edit.value", { field: label })} aria-describedby={help} aria-invalid={problem !== null} maxLength={1000} onFocus={(event) => {
          event.target.select();
          if (suggested.has(code)) onFocusField({ code });
        }}
      />
      <datalist id={values}>
        {suggest({ code }).map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </datalist>
      <p id={help} className={problem ? "field-problem" : "faint"} role={problem ? "alert" : undefined}>
        {problem ?? say("edit.keys")}
      </p>
      <div className="acts">
        <Button type="primary" size="small" loading={isBusy} onClick={save}>
          {say("edit.save")}
        </Button>
        <Button size="small" onClick={onClose}>
          {say("edit.cancel")}
        </Button>
        {isByHand ? (
          <Button size="small" onClick={() => void run({ automatic: [code] }, say("edit.done_automatic", { field: label }))}>
            {say("edit.automatic")}
          </Button>
        ) : null}
        {hasValue ? (
          <Button size="small" onClick={() => void (origin?.is_verified ? run({ unverified: [code] }, say("edit.done_unverified", { field: label })) : run({ verified: [code] }, say("edit.done_verified", { field: label })))}>
            {say(origin?.is_verified ? "edit.unverify" : "edit.verify")}
          </Button>
        ) : null}
        {hasValue ? (
          <Button size="small" onClick={() => void run({ fields: { [code]: null } }, say("edit.done_hidden", { field: label }))}>
            {say("edit.hide")}
          </Button>
        ) : null}
      </div>
      {candidates.length > 0 ? (
        <>
          <h4>{say("edit.candidates")}</h4>
          <ul className="candidates">
            {candidates.map((one, index) => (
              <li key={index}>
                <button type="button" className="candidate" aria-label={say("edit.use", { value: format.value(one.value), source: one.source })} onClick={() => void run({ fields: { [code]: String(one.value) } }, say("edit.done", { field: label }))}>
                  <span>{format.value(one.value)}</span>
                  <span className="faint">
                    {one.source} · <RelativeTime at={one.at} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <History id={customer.id} code={code} />
    </div>
  );
}
