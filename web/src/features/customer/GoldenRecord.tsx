// What we know, each value with where it came from: on hover, on focus and on tap.
import { useQuery } from "@tanstack/react-query";
import { Popover } from "antd";
import { useRef, useState, type FocusEvent } from "react";
import { get } from "../../api/client";
import { useMay } from "../../api/session";
import type { CustomerPage as Whole, Field, FieldValue, Page } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ExactTime, Panel, RelativeTime } from "../../design/pieces";
import { EditOutlined, SafetyCertificateOutlined } from "../../design/icons";
import { SourceLink } from "../../design/SourceLink";
import { useIsPhone } from "../../design/screen";
import { FieldEditor } from "./FieldEditor";
import { History } from "./History";
import { useCustomerText } from "./texts";
import { useWho } from "./use_decisions";
import { useOrigins } from "./use_edit";

export function useFields() {
  const { language } = useCustomerText();
  const { data } = useQuery({
    queryKey: ["fields", "customer"],
    queryFn: ({ signal }) => get<Page<Field>>("/api/v1/fields", { object: "customer" }, signal),
    staleTime: 5 * 60_000,
  });
  const fields = data?.items ?? [];
  const labelOf = (code: string) => {
    const label = fields.find((field) => field.code === code)?.label;
    return label?.[language] ?? label?.en ?? code;
  };
  return { order: fields.map((field) => field.code), labelOf };
}

// Those that facts fill stand between the system's own and the computed ones.
const isGolden = (order: string[], code: string): boolean => order.indexOf(code) > order.indexOf("version") && order.indexOf(code) < order.indexOf("first_seen_at");
const isShown = (value: FieldValue | undefined) => value !== null && value !== undefined && value !== "";

export function GoldenRecord({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const { order, labelOf } = useFields();
  const mayEdit = useMay("editor");
  const [edited, setEdited] = useState<string | null>(null);
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const isHidden = (code: string) => customer.provenance[code]?.rule === "hidden";
  const codes = [...new Set([...Object.keys(customer.fields).filter((code) => isShown(customer.fields[code])), ...Object.keys(customer.provenance).filter(isHidden), ...(edited ? [edited] : [])])].toSorted((a, b) => rank(a) - rank(b));
  // The pencil that was pressed gets the focus back.
  const close = (code: string) => {
    setEdited(null);
    requestAnimationFrame(() => document.getElementById(pencilId(code))?.focus());
  };
  return (
    <Panel title={say("record")} className="golden-record">
      {codes.length === 0 ? <p className="soft">{say("record.empty")}</p> : null}
      <dl className="record">
        {codes.map((code) => (
          <div key={code} className={edited === code ? "record-row record-edited" : "record-row"}>
            <dt>{labelOf(code)}</dt>
            <dd>
              {edited === code ? (
                <FieldEditor customer={customer} code={code} label={labelOf(code)} onClose={() => close(code)} />
              ) : (
                <div className="record-value">
                  <Value customer={customer} code={code} label={labelOf(code)} />
                  {mayEdit ? (
                    <button type="button" id={pencilId(code)} className="pencil" aria-label={say("edit", { field: labelOf(code) })} onClick={() => setEdited(code)}>
                      <EditOutlined />
                    </button>
                  ) : null}
                </div>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {mayEdit ? <AddField order={order} codes={codes} labelOf={labelOf} onAdd={setEdited} /> : null}
    </Panel>
  );
}

const pencilId = (code: string) => `edit-${code}`;

function AddField({ order, codes, labelOf, onAdd }: { order: string[]; codes: string[]; labelOf: (code: string) => string; onAdd: (code: string) => void }) {
  const { say } = useCustomerText();
  const rest = order.filter((code) => isGolden(order, code) && !codes.includes(code));
  if (rest.length === 0) return null;
  return (
    <select className="plain-select add-field" aria-label={say("record.add")} value="" onChange={(event) => event.target.value && onAdd(event.target.value)}>
      <option value="">{say("record.add")}</option>
      {rest.map((code) => (
        <option key={code} value={code}>
          {labelOf(code)}
        </option>
      ))}
    </select>
  );
}

const tap_ms = 500;

function Value({ customer, code, label }: { customer: Whole; code: string; label: string }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const isPhone = useIsPhone();
  const [isOpen, setOpen] = useState(false);
  const openedAt = useRef(-Infinity);
  // A tap is focus and click at once: the second does not close what the first opened.
  const becomeByTap = (next: boolean) => {
    if (next && !isOpen) openedAt.current = performance.now();
    if (next || performance.now() - openedAt.current > tap_ms) setOpen(next);
  };
  const byTap = {
    onFocus: () => becomeByTap(true),
    onBlur: ({ relatedTarget }: FocusEvent) => relatedTarget?.closest(".origin") ?? setOpen(false),
  };
  const origin = customer.provenance[code];
  const isHidden = origin?.rule === "hidden";
  const text = isHidden ? say("record.hidden") : format.value(customer.fields[code]!);
  return (
    <Popover
      trigger={isPhone ? ["click"] : ["hover", "focus", "click"]}
      {...(isPhone ? { open: isOpen } : {})}
      placement={isPhone ? "bottomLeft" : "right"}
      mouseEnterDelay={0.25}
      title={say("record.where", { field: label })}
      onOpenChange={isPhone ? becomeByTap : setOpen}
      content={<Origin id={customer.id} code={code} isOpen={isOpen} />}
    >
      <button type="button" className={isHidden ? "value faint" : "value"} aria-label={`${label} ${text}`} {...(isPhone ? byTap : {})}>
        {text}
        {origin?.is_verified ? <SafetyCertificateOutlined className="verified" aria-label={say("record.verified")} /> : null}
      </button>
    </Popover>
  );
}

function Origin({ id, code, isOpen }: { id: string; code: string; isOpen: boolean }) {
  const { say, sayCode, language } = useCustomerText();
  const format = useFormat();
  const who = useWho();
  const origins = useOrigins(id, isOpen);
  const origin = origins.data?.items.find(({ field }) => field === code);
  if (!origin) return <p className="soft">{origins.data ? say("record.unknown") : "…"}</p>;
  const isByHand = origin.rule === "manual" || origin.rule === "hidden";
  return (
    <div className="origin">
      <dl className="record">
        <div className="record-row">
          <dt>{say(isByHand ? "record.by" : "record.from")}</dt>
          <dd>{isByHand ? (origin.by ? who(origin.by, origin.by_name) : say("rule.manual")) : <SourceLink name={origin.source} />}</dd>
        </div>
        <div className="record-row">
          <dt>{say("record.at")}</dt>
          <dd>
            <ExactTime at={origin.at} />
          </dd>
        </div>
        <div className="record-row">
          <dt>{say("record.rule")}</dt>
          <dd>{sayCode("rule", origin.rule)}</dd>
        </div>
        <div className="record-row">
          <dt>{say("record.why")}</dt>
          <dd>{origin.why[language] ?? origin.why.en}</dd>
        </div>
        {origin.is_verified ? (
          <div className="record-row">
            <dt>{say("record.verified")}</dt>
            <dd>
              {origin.verified_by ? say("record.verified_by", { name: who(origin.verified_by, origin.verified_by_name) }) : say("record.verified_source")}
            </dd>
          </div>
        ) : null}
      </dl>
      {origin.others.length > 0 ? (
        <>
          <h4>{say("record.others")}</h4>
          <ul className="others">
            {origin.others.map((other, index) => (
              <li key={index}>
                <span>{format.value(other.value)}</span>
                <span className="faint">
                  <SourceLink name={other.source} /> · <RelativeTime at={other.at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <History id={id} code={code} />
    </div>
  );
}
