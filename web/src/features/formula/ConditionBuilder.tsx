// Builds a condition: groups of which all, any or none must hold, each line a field, a comparison and a value.
import { Button } from "antd";
import { useId, useState } from "react";
import { CloseOutlined, PlusOutlined } from "../../design/icons";
import { emptyGroup, firstLeaf, isComplete, isGroup, joins, opsOf, replaceAt, startOf, takes, units, type Field, type Group, type Leaf, type Node, type Op } from "./tree";
import { sentenceOf } from "./sentence";
import { useFormulaText } from "./texts";
import "./condition.css";

const depthMax = 4;

interface Shared {
  fields: Field[];
  suggest?: (field: Field) => string[]; // values that there are, as far as they are known
  onFocusField?: (field: Field) => void;
}

export function ConditionBuilder({ tree, onChange, ...shared }: Shared & { tree: Group; onChange: (next: Group) => void }) {
  const { say } = useFormulaText();
  return (
    <section className="conditions" aria-label={say("title")}>
      <GroupBox {...shared} group={tree} depth={1} onChange={(next) => onChange(next ?? emptyGroup())} />
    </section>
  );
}

function GroupBox({ group, depth, onChange, ...shared }: Shared & { group: Group; depth: number; onChange: (next: Group | null) => void }) {
  const { say } = useFormulaText();
  const add = (node: Node) => onChange({ ...group, items: [...group.items, node] });
  const first = shared.fields[0];
  return (
    <div className="condition-group" role="group" aria-label={say(`join.${group.join}`)}>
      <div className="condition-head">
        <select className="plain-select" aria-label={say("join")} value={group.join} onChange={(event) => onChange({ ...group, join: event.target.value as Group["join"] })}>
          {joins.map((join) => (
            <option key={join} value={join}>
              {say(`join.${join}`)}
            </option>
          ))}
        </select>
        {depth > 1 ? <Button type="text" size="small" icon={<CloseOutlined />} aria-label={say("remove_group")} onClick={() => onChange(null)} /> : null}
      </div>
      <ul className="condition-items">
        {group.items.map((item, index) => (
          <li key={index}>
            {isGroup(item) ? (
              <GroupBox {...shared} group={item} depth={depth + 1} onChange={(next) => onChange(replaceAt(group, index, next))} />
            ) : (
              <Line {...shared} leaf={item} onChange={(next) => onChange(replaceAt(group, index, next))} />
            )}
          </li>
        ))}
      </ul>
      <div className="condition-acts">
        <Button size="small" type="text" icon={<PlusOutlined />} disabled={!first} onClick={() => first && add(firstLeaf(first))}>
          {say("add")}
        </Button>
        {depth < depthMax ? (
          <Button size="small" type="text" icon={<PlusOutlined />} disabled={!first} onClick={() => first && add({ join: group.join === "any" ? "all" : "any", items: [firstLeaf(first)] })}>
            {say("add_group")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Line({ leaf, fields, onChange, ...shared }: Shared & { leaf: Leaf; onChange: (next: Leaf | null) => void }) {
  const { say } = useFormulaText();
  const field = fields.find(({ code }) => code === leaf.field);
  if (!field) return null;
  const choose = (op: Op) => onChange({ ...leaf, op, values: takes(op) === takes(leaf.op) ? leaf.values : startOf(op) });
  return (
    <div className="condition-line" data-incomplete={isComplete(leaf) ? undefined : true}>
      <select
        className="plain-select"
        aria-label={say("field")}
        value={leaf.field}
        onChange={(event) => {
          const next = fields.find(({ code }) => code === event.target.value);
          if (next) onChange(next.kind === field.kind && takes(leaf.op) === "nothing" ? { ...leaf, field: next.code } : firstLeaf(next));
        }}
      >
        {fields.map(({ code, label }) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </select>
      <select className="plain-select" aria-label={say("op")} value={leaf.op} onChange={(event) => choose(event.target.value as Op)}>
        {opsOf(field.kind).map((op) => (
          <option key={op} value={op}>
            {say(`op.${op}`)}
          </option>
        ))}
      </select>
      <Value {...shared} fields={fields} field={field} leaf={leaf} onChange={(values) => onChange({ ...leaf, values })} />
      <Button type="text" size="small" icon={<CloseOutlined />} aria-label={say("remove", { what: sentenceOf({ join: "all", items: [leaf] }, fields, say) || field.label })} onClick={() => onChange(null)} />
      {isComplete(leaf) ? null : <small className="condition-incomplete">{say(takes(leaf.op) === "choices" ? "incomplete.choose" : "incomplete")}</small>}
    </div>
  );
}

function Value({ field, leaf, suggest, onFocusField, onChange }: Shared & { field: Field; leaf: Leaf; onChange: (values: string[]) => void }) {
  const { say } = useFormulaText();
  const list = useId();
  const kind = takes(leaf.op);
  const [typed = "", unit = "day"] = leaf.values;
  if (kind === "nothing") return null;
  if (kind === "choices") {
    const toggle = (value: string) => onChange(leaf.values.includes(value) ? leaf.values.filter((one) => one !== value) : [...leaf.values, value]);
    return (
      <span className="chips condition-choices" role="group" aria-label={say("value")}>
        {field.choices?.map((choice) => (
          <button key={choice.value} type="button" className="chip" aria-pressed={leaf.values.includes(choice.value)} onClick={() => toggle(choice.value)}>
            {choice.label}
          </button>
        ))}
      </span>
    );
  }
  if (kind === "span") return <Span amount={typed} unit={unit} onChange={(amount, next) => onChange([amount, next])} />;
  if (kind === "count_span")
    return (
      <>
        <Typed label={say("least")} type="number" value={typed} onChange={(text) => onChange([text, ...leaf.values.slice(1)])} />
        <span>{say("op.within")}</span>
        <Span amount={leaf.values[1] ?? ""} unit={leaf.values[2] ?? "day"} onChange={(amount, next) => onChange([typed, amount, next])} />
      </>
    );
  if (kind === "day") return <Typed label={say("day")} type="date" value={typed} onChange={(text) => onChange([text])} />;
  if (kind === "number") return <Typed label={say("value")} type="number" value={typed} onChange={(text) => onChange([text])} />;
  const words = field.isSuggested && leaf.op !== "contains" ? (suggest?.(field) ?? []) : [];
  return (
    <>
      <Typed label={say("value")} type="text" value={typed} list={words.length > 0 ? list : undefined} onFocus={() => field.isSuggested && onFocusField?.(field)} onChange={(text) => onChange([text])} />
      {words.length > 0 ? (
        <datalist id={list}>
          {words.map((word) => (
            <option key={word} value={word}>
              {word}
            </option>
          ))}
        </datalist>
      ) : null}
    </>
  );
}

function Span({ amount, unit, onChange }: { amount: string; unit: string; onChange: (amount: string, unit: string) => void }) {
  const { say } = useFormulaText();
  return (
    <span className="condition-span">
      <Typed label={say("amount")} type="number" value={amount} onChange={(text) => onChange(text, unit)} />
      <select className="plain-select" aria-label={say("unit")} value={unit} onChange={(event) => onChange(amount, event.target.value)}>
        {units.map((one) => (
          <option key={one} value={one}>
            {say(`unit.${one}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

interface TypedProps {
  label: string;
  type: "text" | "number" | "date";
  value: string;
  list?: string;
  onFocus?: () => void;
  onChange: (text: string) => void;
}
// While an input method composes, nothing is told.
function Typed({ label, type, value, list, onFocus, onChange }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      className="plain-input"
      aria-label={label}
      type={type}
      inputMode={type === "number" ? "decimal" : undefined}
      step={type === "number" ? "any" : undefined}
      list={list}
      value={draft ?? value}
      onFocus={onFocus}
      onCompositionStart={(event) => setDraft(event.currentTarget.value)}
      onCompositionEnd={(event) => {
        setDraft(null);
        onChange(event.currentTarget.value);
      }}
      onChange={(event) => (draft === null ? onChange(event.target.value) : setDraft(event.target.value))}
    />
  );
}
