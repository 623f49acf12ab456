import { SearchOutlined, TeamOutlined } from "../../design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { Chips, PageHeader } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { CustomerList } from "./CustomerList";
import { kinds, nextSort, readListState, writeSort, type ListState } from "./list_state";
import { useCustomerText } from "./texts";
import { useCustomerCount, useCustomers } from "./use_customers";
import "./list.css";
import "./customer.css";

export function CustomersPage() {
  const { say } = useCustomerText();
  const format = useFormat();
  const [words, change] = useWords();
  const state = readListState(words);
  const isNarrowed = state.q !== "" || state.kind !== null;
  const customers = useCustomers(state);
  const count = useCustomerCount(!isNarrowed);
  const isCounted = !isNarrowed && count.data !== undefined && customers.items.length > 0;
  return (
    <div className="page">
      <ThinBar isOn={customers.isFetching && customers.data !== undefined} />
      <PageHeader title={say("title")} note={isCounted ? say("count", { count: count.data!, shown: format.number(count.data!) }) : null} />
      <div className="toolbar">
        <SearchInput label={say("search")} placeholder={say("search.placeholder")} value={state.q} onChange={(q) => change({ q }, "replace")} />
        <Chips
          label={say("filter.kind")}
          value={state.kind}
          options={[{ value: null, label: say("filter.all") }, ...kinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) }))]}
          onChange={(kind) => change({ kind })}
        />
        <span className="toolbar-keys faint">{say("keys")}</span>
        <PhoneSort state={state} onChange={(sort) => change({ sort })} />
      </div>
      <Answer query={customers} skeleton={<div className="panel"><SkeletonRows count={12} hasFace /></div>}>
        {() =>
          customers.items.length > 0 ? (
            <CustomerList customers={customers} sort={state.sort} onSort={(field) => change({ sort: writeSort(nextSort(state.sort, field)) })} />
          ) : customers.isFetching ? (
            <div className="panel">
              <SkeletonRows count={6} hasFace />
            </div>
          ) : (
            <Nothing isNarrowed={isNarrowed} onClear={() => change({ q: null, kind: null })} />
          )
        }
      </Answer>
    </div>
  );
}

function Nothing({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  const { say } = useCustomerText();
  return (
    <div className="panel">
      {isNarrowed ? (
        <EmptyState icon={<SearchOutlined />} title={say("none.title")} text={say("none.text")}>
          <Button onClick={onClear}>{say("none.act")}</Button>
        </EmptyState>
      ) : (
        <EmptyState icon={<TeamOutlined />} title={say("empty.title")} text={say("empty.text")}>
          <Link to="/imports" className="button-link">
            {say("empty.act")}
          </Link>
        </EmptyState>
      )}
    </div>
  );
}

// On a phone there is no table head to sort by.
function PhoneSort({ state, onChange }: { state: ListState; onChange: (sort: string) => void }) {
  const { say } = useCustomerText();
  const isPhone = useIsPhone();
  if (!isPhone) return null;
  return (
    <select className="plain-select" aria-label={say("sort")} value={writeSort(state.sort)} onChange={(event) => onChange(event.target.value)}>
      {(["-last_seen_at", "-total_spend", "-order_count", "-last_purchase_at", "name"] as const).map((sort) => (
        <option key={sort} value={sort}>
          {say(`column.${sort.replace("-", "")}` as "column.name")}
        </option>
      ))}
    </select>
  );
}
