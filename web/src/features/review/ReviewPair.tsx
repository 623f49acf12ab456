// One pair: what the two share, where they differ, and what becomes of them.
import { Link } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { asFailure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { Customer, ReviewDetail, ReviewEvidence } from "../../api/types";
import { addDays, beginOfDay, dayOf } from "../../design/day";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, LockOutlined } from "../../design/icons";
import { useShortcuts } from "../../design/keyboard";
import { Avatar, Badge, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { valuesOf } from "../customer/choices";
import { useMergePreview } from "../customer/Compare";
import { useFields } from "../customer/GoldenRecord";
import { inOrder, isSame, useCustomerName, useIdentifierText } from "../naming/naming";
import { Spend } from "../naming/Spend";
import { rowsOf, type Row } from "./compared";
import { useReviewText } from "./texts";
import { useDecide, usePair, type Act } from "./use_reviews";

const identifiersShown = 8;

interface Props {
  id: string;
  hasNext: boolean;
  onNext: () => void;
  onGone: (id: string) => void;
}

export function ReviewPair({ id, hasNext, onNext, onGone }: Props) {
  const { say } = useReviewText();
  const query = usePair(id);
  const next = hasNext ? <Button onClick={onNext}>{say("next")}</Button> : null;
  const failure = query.error ? asFailure(query.error) : null;
  if (failure?.kind === "missing") {
    return (
      <section className="panel">
        <EmptyState icon={<CheckCircleOutlined />} title={failure.message}>
          {next}
        </EmptyState>
      </section>
    );
  }
  return (
    <section className="panel review-pair" aria-label={say("pair")}>
      <Answer query={query} skeleton={<SkeletonRows count={8} />}>
        {() => (query.data!.state === "merged" || query.data!.state === "apart" ? <Decided pair={query.data!}>{next}</Decided> : <Undecided key={query.data!.version} pair={query.data!} hasNext={hasNext} onNext={onNext} onGone={onGone} />)}
      </Answer>
    </section>
  );
}

function Decided({ pair, children }: { pair: ReviewDetail; children: ReactNode }) {
  const { say } = useReviewText();
  const { titleOf } = useCustomerName();
  const name = pair.decided_by_name ?? say("decided.somebody");
  return (
    <EmptyState icon={<CheckCircleOutlined />} title={say(pair.state === "merged" ? "decided.merged" : "decided.apart", { name })} text={<RelativeTime at={pair.decided_at} />}>
      <Link to="/customers/$id" params={{ id: pair.customer.id }} className="button-link">
        {say("open", { name: titleOf(pair.customer).text })}
      </Link>
      {children}
    </EmptyState>
  );
}

function Undecided({ pair, hasNext, onNext, onGone }: { pair: ReviewDetail } & Omit<Props, "id">) {
  const { say } = useReviewText();
  const { titleOf } = useCustomerName();
  const mayEdit = useMay("editor");
  const decide = useDecide(onGone);
  const { preview, whole, choices } = useMergePreview(pair.customer, pair.other, mayEdit);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [isBusy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const run = async (act: Act) => {
    if (isBusy || !mayEdit) return;
    setBusy(true);
    await decide(pair, act);
    setBusy(false);
  };
  const acts = {
    merge: () => {
      if (whole) void run({ kind: "merge", values: valuesOf(choices, chosen) });
    },
    apart: () => void run({ kind: "keep_apart" }),
    later: (until: string | null) => void run({ kind: "later", until }),
    reopen: () => void run({ kind: "reopen" }),
  };
  const dayAfter = useDayAfter();
  const take = (side: "here" | "there") => setChosen(Object.fromEntries(choices.map((choice) => [choice.code, choice[side]])));
  useShortcuts({ m: acts.merge, a: acts.apart, l: () => acts.later(dayAfter(1)), 1: () => take("here"), 2: () => take("there"), 0: () => setChosen({}) });
  const names: [string, string] = [titleOf(pair.customer).text, titleOf(pair.other).text];
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="review-title">
        {say("and", { a: names[0], b: names[1] })}
      </h2>
      <Shared evidence={pair.evidence} names={names} />
      <FormFailure failure={preview.error ? asFailure(preview.error) : null} />
      <Sides pair={pair} names={names} chosen={chosen} automatic={Object.fromEntries(choices.map((choice) => [choice.code, choice.automatic]))} onChoose={(code, value) => setChosen({ ...chosen, [code]: value })} />
      {mayEdit ? <Acts isLater={pair.state === "later"} mayMerge={whole !== undefined} isBusy={isBusy} acts={acts} skip={hasNext ? onNext : null} /> : <p className="soft with-icon"><LockOutlined /> {say("only_looking")}</p>}
    </>
  );
}

// The beginning of a day so many days from today, where the company is.
function useDayAfter() {
  const { zone } = useFormat();
  return (days: number) => beginOfDay(addDays(dayOf(Date.now(), zone), days), zone);
}

function Shared({ evidence, names }: { evidence: ReviewEvidence[]; names: [string, string] }) {
  const { say } = useReviewText();
  const { textOf } = useIdentifierText();
  const format = useFormat();
  const told = (sources: ReviewEvidence["sources"]) => sources.map(({ source, records }) => (records > 1 ? say("evidence.source", { source, count: format.number(records) }) : source)).join(" · ");
  return (
    <section className="review-evidence">
      <h3>{say("evidence")}</h3>
      <ul>
        {evidence.map((one) => (
          <li key={one.value}>
            <span className="review-value">
              <b>{textOf(one.identifier)}</b> <Badge>{say(`doubt.${one.doubt}`)}</Badge>
            </span>
            <span className="soft">{say(`doubt_why.${one.doubt}`)}</span>
            <small className="faint">
              {say("evidence.sources", { name: names[0], sources: told(one.sources) })}
              {" · "}
              {say("evidence.sources", { name: names[1], sources: told(one.other_sources) })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Chosen {
  chosen: Record<string, string>;
  automatic: Record<string, string>;
  onChoose: (code: string, value: string) => void;
}

function Sides({ pair, names, ...choice }: { pair: ReviewDetail; names: [string, string] } & Chosen) {
  const { say } = useReviewText();
  const { order, labelOf } = useFields();
  const { textOf } = useIdentifierText();
  const rows = rowsOf(pair.customer.fields, pair.other.fields, order);
  const figures: [string, (customer: Customer, other: Customer) => ReactNode][] = [
    [
      say("identifiers"),
      (customer, other) =>
        inOrder(customer.identifiers)
          .slice(0, identifiersShown)
          .map((one) => (
            <div key={one.id}>
              {textOf(one)} {other.identifiers.some((its) => isSame(its, one)) ? <Badge>{say("same")}</Badge> : null}
            </div>
          )),
    ],
    [say("orders"), (customer) => customer.computed.order_count],
    [say("spend"), (customer) => <Spend computed={customer.computed} />],
    [say("events"), (customer) => customer.computed.event_count],
    [say("first_seen"), (customer) => <RelativeTime at={customer.computed.first_seen_at} />],
    [say("last_seen"), (customer) => <RelativeTime at={customer.computed.last_seen_at} />],
  ];
  return (
    <>
      {Object.keys(choice.automatic).length > 0 ? <p className="faint review-hint">{say("choose.text")}</p> : null}
      <table className="review-sides">
        <thead>
          <tr>
            <th scope="col">{say("field")}</th>
            {[pair.customer, pair.other].map((customer, at) => (
              <th scope="col" key={customer.id}>
                <Link to="/customers/$id" params={{ id: customer.id }} className="review-who">
                  <Avatar name={names[at]!} seed={customer.id} kind={customer.kind} size={28} />
                  <span>{names[at]}</span>
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <FieldRow key={row.code} row={row} label={labelOf(row.code)} names={names} {...choice} />
          ))}
          {figures.map(([label, cell]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{cell(pair.customer, pair.other)}</td>
              <td>{cell(pair.other, pair.customer)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function FieldRow({ row, label, names, chosen, automatic, onChoose }: { row: Row; label: string; names: [string, string] } & Chosen) {
  const { say } = useReviewText();
  const format = useFormat();
  const stands = automatic[row.code];
  const cell = (value: Row["here"], name: string) => {
    const text = format.value(value ?? "");
    if (stands === undefined || typeof value !== "string") return text;
    return (
      <label>
        <input type="radio" name={`review-${row.code}`} aria-label={say("choose", { field: label, value: text, name })} checked={(chosen[row.code] ?? stands) === value} onChange={() => onChoose(row.code, value)} />
        <span>{text}</span>
      </label>
    );
  };
  return (
    <tr className={`review-${row.standing}`}>
      <th scope="row">
        {label} {row.standing === "one" ? null : <Badge mood={row.standing === "differs" ? "warn" : undefined}>{say(row.standing)}</Badge>}
      </th>
      <td>{cell(row.here, names[0])}</td>
      <td>{cell(row.there, names[1])}</td>
    </tr>
  );
}

interface ActsProps {
  isLater: boolean;
  mayMerge: boolean;
  isBusy: boolean;
  acts: { merge: () => void; apart: () => void; later: (until: string | null) => void; reopen: () => void };
  skip: (() => void) | null;
}

function Acts({ isLater, mayMerge, isBusy, acts, skip }: ActsProps) {
  const { say } = useReviewText();
  const dayAfter = useDayAfter();
  const days = { tomorrow: 1, week: 7, month: 30 } as const;
  return (
    <div className="review-acts">
      <div className="review-buttons">
        {skip ? (
          <Button type="text" onClick={skip}>
            {say("skip")}
          </Button>
        ) : null}
        {isLater ? (
          <Button disabled={isBusy} onClick={acts.reopen}>
            {say("reopen")}
          </Button>
        ) : (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [...(Object.keys(days) as (keyof typeof days)[]), "change" as const].map((key) => ({ key, label: say(`later.${key}`) })),
              onClick: ({ key }) => acts.later(key === "change" ? null : dayAfter(days[key as keyof typeof days])),
            }}
          >
            <Button disabled={isBusy} aria-haspopup="menu">
              {say("later")}
            </Button>
          </Dropdown>
        )}
        <Button disabled={isBusy} onClick={acts.apart}>
          {say("apart")}
        </Button>
        <Button type="primary" disabled={!mayMerge} loading={isBusy} onClick={acts.merge}>
          {say("merge")}
        </Button>
      </div>
      <p className="faint review-keys">{say("keys")}</p>
    </div>
  );
}
