// A condition written as a formula: the editor, what is wrong, and whether it holds of a record that is there.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { get } from "../../api/client";
import type { FormulaFunction } from "../../api/types";
import { FormulaEditor } from "./editor/FormulaEditor";
import { shapeOf, type Objects } from "./editor/objects";
import { NotHeld, recordOf, type RawRecord } from "./editor/record";
import type { Known } from "./editor/setup";
import { examine } from "./examine";
import type { Checked } from "./language/fit";
import { compile } from "./language/program";
import { Run } from "./language/run";
import { Instant, Zone } from "./language/time";
import { messageOf, Trouble, type Value } from "./language/value";
import { placed } from "./placed";
import { useFormulaText } from "./texts";

const path = "/api/v1/formula/functions";

export interface FormulaModeProps {
  text: string;
  objects: Objects;
  object: string;
  zone: string; // the company's
  sample?: { name: string; record: RawRecord };
  onChange: (text: string, isSound: boolean) => void;
}

// undefined where it cannot be tried.
function tried(checked: Checked, record: RawRecord, objects: Objects, object: string, zone: Zone): Value | undefined {
  try {
    return compile(checked)(new Run({ now: new Instant(BigInt(Date.now()) * 1000n), zone }), recordOf(record, objects, object));
  } catch (thrown) {
    if (thrown instanceof NotHeld) return undefined;
    throw thrown;
  }
}

export function FormulaMode({ text, objects, object, zone: zoneName, sample, onChange }: FormulaModeProps) {
  const { say, language } = useFormulaText();
  const { data } = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<{ items: FormulaFunction[] }>(path, {}, signal), staleTime: Infinity });
  const zone = Zone.named(zoneName) ?? Zone.utc;
  const surroundings = useMemo(() => ({ shape: shapeOf(objects, object), zone }), [objects, object, zone]);
  const known = useMemo((): Known => ({ objects, object, functions: data?.items ?? [], language, fault: (one) => examine(one, surroundings).fault }), [objects, object, data, language, surroundings]);
  const { fault, checked } = useMemo(() => examine(text, surroundings), [text, surroundings]);
  const [isOffering, setOffering] = useState(false); // then the list covers what is below, and the word is not whole yet
  const value = useMemo(() => (checked && sample ? tried(checked, sample.record, objects, object, zone) : undefined), [checked, sample, zone, objects, object]);
  return (
    <div className="formula-mode">
      <FormulaEditor label={say("formula.label")} value={text} known={known} onChange={(next) => onChange(next, examine(next, surroundings).fault === null)} onOffer={setOffering} />
      <p className="formula-problem" role="status">
        {fault && !isOffering ? placed(fault, text, { say, language }) : null}
      </p>
      {fault ? (
        <p className="formula-unapplied">{say("formula.unapplied")}</p>
      ) : value === undefined || !sample ? (
        <p className="faint">{say("formula.hint")}</p>
      ) : (
        <p className="formula-live">
          <span className="faint">{say("live.of", { name: sample.name })}</span> <Live value={value} />
        </p>
      )}
      <p className="formula-functions">
        <Link to="/functions" target="_blank">
          {say("formula.functions")}
        </Link>
      </p>
    </div>
  );
}

function Live({ value }: { value: Value }) {
  const { say, language } = useFormulaText();
  if (value instanceof Trouble) return <span className="formula-problem">{messageOf(value)[language]}</span>;
  return <strong>{value === true ? say("live.true") : value === false ? say("live.false") : say("live.blank")}</strong>;
}
