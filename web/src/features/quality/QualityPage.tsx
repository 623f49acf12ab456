// Where sources of equal standing disagree: side by side, chosen by mouse, finger or key.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useRef } from "react";
import { get, patch, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import { usePages } from "../../api/queries";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Conflict, ConflictCount, CustomerPage, Page } from "../../api/types";
import { useWords } from "../../design/address";
import { MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, SearchOutlined } from "../../design/icons";
import { useShortcuts } from "../../design/keyboard";
import { Badge, PageHeader, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { useToast } from "../../design/toast";
import { useFields } from "../customer/GoldenRecord";
import { useQualityText } from "./texts";
import "./quality.css";

const path = "/api/v1/quality/conflicts";

export function QualityPage() {
  const { say } = useQualityText();
  const format = useFormat();
  const { labelOf } = useFields();
  const [words, change] = useWords();
  const field = words.field ?? "";
  const state = words.state === "left" ? "left" : "open";
  const pages = usePages<Conflict>(path, { field: field || undefined, state });
  const counts = useQuery({ queryKey: [path, "counts"], queryFn: ({ signal }) => get<Page<ConflictCount>>(`${path}/counts`, {}, signal) });
  const client = useQueryClient();
  useLive(() => void client.invalidateQueries({ queryKey: [path] }));
  const fields = (counts.data?.items ?? []).filter((count) => count[state] > 0 || count.field === field);
  return (
    <div className="page">
      <ThinBar isOn={pages.isFetching && pages.data !== undefined} />
      <PageHeader title={say("title")} note={say("note")} />
      <div className="toolbar">
        <select className="plain-select" aria-label={say("state")} value={state} onChange={(event) => change({ state: event.target.value === "left" ? "left" : null })}>
          <option value="open">{say("state.open")}</option>
          <option value="left">{say("state.left")}</option>
        </select>
        <select className="plain-select" aria-label={say("field")} value={field} onChange={(event) => change({ field: event.target.value || null })}>
          <option value="">{say("field.all")}</option>
          {fields.map((count) => (
            <option key={count.field} value={count.field}>
              {say("field.count", { field: labelOf(count.field), count: format.number(count[state]) })}
            </option>
          ))}
        </select>
      </div>
      <section className="panel">
        <Answer query={pages} skeleton={<SkeletonRows count={6} />}>
          {() => (pages.items.length > 0 ? <Conflicts items={pages.items} labelOf={labelOf} /> : <Nothing isNarrowed={field !== "" || state === "left"} onClear={() => change({ field: null, state: null })} />)}
        </Answer>
        <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      </section>
    </div>
  );
}

function Nothing({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  const { say } = useQualityText();
  return isNarrowed ? (
    <EmptyState icon={<SearchOutlined />} title={say("none.title")} text={say("none.text")}>
      <Button onClick={onClear}>{say("none.act")}</Button>
    </EmptyState>
  ) : (
    <EmptyState icon={<CheckCircleOutlined />} title={say("empty.title")} text={say("empty.text")}>
      <Link to="/survivorship" className="button-link">
        {say("empty.act")}
      </Link>
    </EmptyState>
  );
}

const edit = (id: string, saying: object, version: number) => patch<CustomerPage>(`/api/v1/customers/${encodeURIComponent(id)}`, saying, version);
const attend = (conflict: Conflict, what: "leave" | "reopen", version: number) => post<{ version: number }>(`${path}/${encodeURIComponent(conflict.id)}/${what}`, undefined, { version });

// What is done about a conflict, each with its way back.
function useDecide(labelOf: (code: string) => string) {
  const { say } = useQualityText();
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => void client.invalidateQueries();
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (thrown) {
      const failure = asFailure(thrown);
      toast.failed(failure.kind === "conflict" || failure.kind === "missing" ? say("changed") : failure.message || say("failed"));
    }
    refresh();
  };
  const choose = (conflict: Conflict, value: string) =>
    attempt(async () => {
      const after = await edit(conflict.customer, { fields: { [conflict.field]: value } }, conflict.customer_version);
      const undo = () => attempt(async () => {
        await edit(conflict.customer, { automatic: [conflict.field] }, after.version);
        toast.done(say("undone"));
      });
      toast.done(say("chosen", { field: labelOf(conflict.field) }), { kind: "undo", label: say("undo"), run: () => void undo() });
    });
  const leave = (conflict: Conflict) =>
    attempt(async () => {
      const after = await attend(conflict, "leave", conflict.version);
      const undo = () => attempt(async () => {
        await attend(conflict, "reopen", after.version);
        toast.done(say("undone"));
      });
      toast.done(say("left"), { kind: "undo", label: say("undo"), run: () => void undo() });
    });
  const reopen = (conflict: Conflict) =>
    attempt(async () => {
      await attend(conflict, "reopen", conflict.version);
      toast.done(say("reopened"));
    });
  return { choose, leave, reopen };
}

function Conflicts({ items, labelOf }: { items: Conflict[]; labelOf: (code: string) => string }) {
  const { say } = useQualityText();
  const mayEdit = useMay("editor");
  const list = useRef<HTMLUListElement>(null);
  const { choose, leave, reopen } = useDecide(labelOf);
  const cards = () => [...(list.current?.children ?? [])] as HTMLElement[];
  const at = () => cards().findIndex((card) => card.contains(document.activeElement));
  const move = (step: number) => {
    const all = cards();
    all[Math.max(0, Math.min(all.length - 1, at() < 0 ? 0 : at() + step))]?.focus();
  };
  // The next one moves up to the place of what was decided: the focus stays there.
  const decide = async (work: Promise<void>, index: number) => {
    await work;
    setTimeout(() => cards()[Math.min(index, cards().length - 1)]?.focus(), 250);
  };
  const pick = (number: number) => {
    const claim = items[at()]?.claims[number];
    if (mayEdit && claim) void decide(choose(items[at()]!, claim.value), at());
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    l: () => {
      const conflict = items[at()];
      if (mayEdit && conflict?.state === "open") void decide(leave(conflict), at());
    },
    ...Object.fromEntries(Array.from({ length: 9 }, (_, number) => [String(number + 1), () => pick(number)])),
  });
  return (
    <>
      {mayEdit ? <p className="faint conflict-keys">{say("keys")}</p> : null}
      <ul className="conflicts" ref={list}>
        {items.map((conflict, index) => (
          <li key={conflict.id} tabIndex={-1} className="conflict" aria-label={`${conflict.name ?? say("nameless")} ${labelOf(conflict.field)}`}>
            <div className="conflict-head">
              <Link to="/customers/$id" params={{ id: conflict.customer }}>
                <b>{conflict.name ?? say("nameless")}</b>
              </Link>
              <span className="soft">{labelOf(conflict.field)}</span>
              <span className="faint">
                <RelativeTime at={conflict.since} />
              </span>
              {conflict.left_by_name ? <span className="faint">{say("left_by", { name: conflict.left_by_name })}</span> : null}
              {mayEdit ? (
                <Button size="small" className="conflict-leave" onClick={() => void decide(conflict.state === "open" ? leave(conflict) : reopen(conflict), index)}>
                  {say(conflict.state === "open" ? "leave" : "reopen")}
                </Button>
              ) : null}
            </div>
            <div className="claims">
              {conflict.claims.map((claim, number) => (
                <button key={`${claim.source}${claim.value}`} type="button" className="claim" disabled={!mayEdit} aria-label={say("choose", { value: claim.value, source: claim.source })} onClick={() => void decide(choose(conflict, claim.value), index)}>
                  <span className="claim-value">{claim.value}</span>
                  <span className="faint">
                    {claim.source} · <RelativeTime at={claim.at} />
                  </span>
                  {number === 0 ? <Badge>{say("stands")}</Badge> : null}
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
