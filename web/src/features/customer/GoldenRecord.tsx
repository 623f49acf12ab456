// What we know, each value with where it came from: on hover, on focus and on tap.
import { useQuery } from "@tanstack/react-query";
import { Popover } from "antd";
import { get } from "../../api/client";
import type { CustomerPage as Whole, Field, FieldValue, Page, Provenance } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ExactTime, Panel, RelativeTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { useCustomerText } from "./texts";

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

const isShown = (value: FieldValue | undefined) => value !== null && value !== undefined && value !== "";

export function GoldenRecord({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const { order, labelOf } = useFields();
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const codes = Object.keys(customer.fields)
    .filter((code) => isShown(customer.fields[code]))
    .toSorted((a, b) => rank(a) - rank(b));
  return (
    <Panel title={say("record")} className="golden-record">
      {codes.length === 0 ? <p className="soft">{say("record.empty")}</p> : null}
      <dl className="record">
        {codes.map((code) => (
          <div key={code} className="record-row">
            <dt>{labelOf(code)}</dt>
            <dd>
              <Value label={labelOf(code)} value={customer.fields[code]!} origin={customer.provenance?.[code]} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Value({ label, value, origin }: { label: string; value: FieldValue; origin: Provenance | undefined }) {
  const { say } = useCustomerText();
  const format = useFormat();
  const isPhone = useIsPhone();
  const text = format.value(value);
  return (
    <Popover
      trigger={["hover", "focus", "click"]}
      placement={isPhone ? "bottomLeft" : "right"}
      mouseEnterDelay={0.25}
      title={say("record.where", { field: label })}
      content={<Origin origin={origin} />}
    >
      <button type="button" className="value" aria-label={`${label} ${text}`}>
        {text}
      </button>
    </Popover>
  );
}

function Origin({ origin }: { origin: Provenance | undefined }) {
  const { say, sayCode } = useCustomerText();
  const format = useFormat();
  if (!origin) return <p className="soft">{say("record.unknown")}</p>;
  const others = origin.others ?? [];
  return (
    <div className="origin">
      <dl className="record">
        <div className="record-row">
          <dt>{say("record.from")}</dt>
          <dd>{origin.source}</dd>
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
      </dl>
      {others.length > 0 ? (
        <>
          <h4>{say("record.others")}</h4>
          <ul className="others">
            {others.map((other, index) => (
              <li key={index}>
                <span>{format.value(other.value)}</span>
                <span className="faint">
                  {other.source} · <RelativeTime at={other.at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
