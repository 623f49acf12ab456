// What people and programs write where they know nothing, switchboards, shared mailboxes: values that join nobody, and why.
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { IdentifierValue } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { LinkOutlined, SafetyCertificateOutlined, StopOutlined, UsergroupAddOutlined } from "../../design/icons";
import { Badge, Chips, PageHeader, RelativeTime, type Mood } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { CorrectValue } from "./CorrectValue";
import "./identity.css";
import { useIdentityText } from "./texts";
import { usePolicy, useTypeName } from "./use_policy";
import { useValueWords, valuesPath } from "./use_values";

const states = ["blocked", "shared", "open"] as const;

export function ValuesPage() {
  const { say } = useIdentityText();
  const [words, change] = useWords();
  const [correcting, correct] = useState<IdentifierValue | null>(null);
  const state = states.find((one) => one === words.state) ?? null;
  const types = usePolicy().data?.types ?? [];
  const type = types.some(({ code }) => code === words.type) ? words.type! : "";
  const typeName = useTypeName();
  const q = words.q ?? "";
  const pages = usePages<IdentifierValue>(valuesPath, { ...(state ? { state } : {}), ...(type ? { type } : {}), ...(q ? { value: q } : {}) });
  const isFiltered = Boolean(state || type || q);
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        <Link to="/values/types" className="header-link">
          {say("types")}
        </Link>
      </PageHeader>
      <div className="toolbar">
        <SearchInput label={say("search")} placeholder={say("search.placeholder")} value={q} onChange={(text) => change({ q: text || null }, "replace")} />
        <Chips label={say("state")} value={state} onChange={(next) => change({ state: next }, "replace")} options={[{ value: null, label: say("state.all") }, ...states.map((one) => ({ value: one, label: say(`state.${one}`) }))]} />
        <select className="plain-select" aria-label={say("type")} value={type} onChange={(event) => change({ type: event.target.value || null }, "replace")}>
          <option value="">{say("type.all")}</option>
          {types.map(({ code }) => (
            <option key={code} value={code}>
              {typeName(code)}
            </option>
          ))}
        </select>
      </div>
      <Answer query={pages} skeleton={<SkeletonRows count={6} />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<SafetyCertificateOutlined />} title={isFiltered ? say("none_found") : say("empty")} text={isFiltered ? say("none_found.text") : say("empty.text")} />
          ) : (
            <>
              <div className="panel">
                <Values items={pages.items} onCorrect={correct} />
              </div>
              <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
            </>
          )
        }
      </Answer>
      {correcting ? <CorrectValue value={correcting} onClose={() => correct(null)} /> : null}
    </div>
  );
}

const moods: Record<IdentifierValue["state"], Mood> = { open: "good", blocked: "bad", shared: "warn" };
const icons = { open: <LinkOutlined />, blocked: <StopOutlined />, shared: <UsergroupAddOutlined /> };

export function State({ value }: { value: IdentifierValue }) {
  const { say } = useIdentityText();
  return (
    <Badge mood={moods[value.state]} icon={icons[value.state]}>
      {say(`state.${value.state}`)}
    </Badge>
  );
}

function Values({ items, onCorrect }: { items: IdentifierValue[]; onCorrect: (value: IdentifierValue) => void }) {
  const { say } = useIdentityText();
  const format = useFormat();
  const mayCorrect = useMay("editor");
  const typeName = useTypeName();
  const { whyOf, recordsOf } = useValueWords();
  return (
    <DataTable
      label={say("title")}
      rows={items}
      rowKey={(row) => row.id}
      columns={[
        {
          key: "value",
          title: say("value"),
          isMain: true,
          cell: (row) => (
            <span className="value-words">
              <span className="soft">
                {typeName(row.type)}
                {row.scope ? ` · ${row.scope}` : ""}
              </span>
              <code>{row.value}</code>
            </span>
          ),
        },
        { key: "state", title: say("state"), cell: (row) => <State value={row} /> },
        {
          key: "why",
          title: say("why"),
          cell: (row) => (
            <span className="value-words">
              <span>{whyOf(row)}</span>
              {row.reason ? <span className="soft">{row.reason}</span> : null}
            </span>
          ),
        },
        { key: "since", title: say("since"), cell: (row) => (row.since ? <RelativeTime at={row.since} /> : null) },
        { key: "held", title: say("held"), cell: (row) => `${recordsOf(row)} · ${say("customers", { count: row.customers, number: format.number(row.customers) })}` },
        ...(mayCorrect
          ? [
              {
                key: "act",
                title: "",
                align: "right" as const,
                cell: (row: IdentifierValue) => (
                  <Button size="small" aria-label={`${say("correct")} ${row.value}`} onClick={() => onCorrect(row)}>
                    {say("correct")}
                  </Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
