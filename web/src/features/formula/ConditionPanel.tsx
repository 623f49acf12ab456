// A condition, built or written. One becomes the other; what the builder has no line for stays written, and it says what that is.
import { lazy, Suspense, useState } from "react";
import { SkeletonRows } from "../../design/states";
import { ConditionBuilder } from "./ConditionBuilder";
import type { FormulaModeProps } from "./FormulaMode";
import { useFormulaText } from "./texts";
import type { Field, Group } from "./tree";

const FormulaMode = lazy(async () => ({ default: (await import("./FormulaMode")).FormulaMode }));

interface Props extends Omit<FormulaModeProps, "text" | "onChange"> {
  tree: Group;
  text: string | null; // null: it is built
  fields: Field[];
  suggest?: (field: Field) => string[];
  onFocusField?: (field: Field) => void;
  onTree: (next: Group) => void;
  onText: (next: string, isSound: boolean) => void;
}

export function ConditionPanel({ tree, text, fields, suggest, onFocusField, onTree, onText, ...formula }: Props) {
  const { say } = useFormulaText();
  const [kept, setKept] = useState<{ why: string; text: string } | null>(null); // what could not be built
  const [broken, setBroken] = useState<string | null>(null); // a text that is no condition
  const isWritten = text !== null;
  const write = async () => onText((await import("./as_text")).textOf(tree, fields), true);
  const build = async () => {
    const answer = broken === text ? { isBroken: true as const } : (await import("./as_text")).groupOf(text ?? "", fields);
    if ("group" in answer) return onTree(answer.group);
    const why = "isBroken" in answer ? say("mode.broken") : answer.instead === null ? say("mode.kept", { part: answer.part }) : say("mode.kept_ago", { part: answer.part, instead: answer.instead });
    setKept({ why, text: text ?? "" });
  };
  const change = (next: string, isSound: boolean) => {
    setBroken(isSound ? null : next);
    onText(next, isSound);
  };
  return (
    <>
      <div className="chips condition-modes" role="group" aria-label={say("mode")}>
        <button type="button" className="chip" aria-pressed={!isWritten} onClick={() => isWritten && void build()}>
          {say("mode.build")}
        </button>
        <button type="button" className="chip" aria-pressed={isWritten} onClick={() => isWritten || void write()}>
          {say("mode.write")}
        </button>
      </div>
      {isWritten ? (
        <Suspense fallback={<SkeletonRows count={2} />}>
          {kept?.text === text ? (
            <p className="condition-kept" role="alert">
              {kept.why}
            </p>
          ) : null}
          <FormulaMode {...formula} text={text} onChange={change} />
        </Suspense>
      ) : (
        <ConditionBuilder tree={tree} fields={fields} suggest={suggest} onFocusField={onFocusField} onChange={onTree} />
      )}
    </>
  );
}
