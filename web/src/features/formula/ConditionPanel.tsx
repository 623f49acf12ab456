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
  const [kept, setKept] = useState<{ part: string; text: string } | null>(null); // what could not be built
  const isWritten = text !== null;
  const write = async () => onText((await import("./as_text")).textOf(tree, fields), true);
  const build = async () => {
    const answer = (await import("./as_text")).groupOf(text ?? "", fields);
    if ("group" in answer) onTree(answer.group);
    else setKept({ part: answer.part, text: text ?? "" });
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
              {say("mode.kept", { part: kept.part })}
            </p>
          ) : null}
          <FormulaMode {...formula} text={text} onChange={onText} />
        </Suspense>
      ) : (
        <ConditionBuilder tree={tree} fields={fields} suggest={suggest} onFocusField={onFocusField} onChange={onTree} />
      )}
    </>
  );
}
