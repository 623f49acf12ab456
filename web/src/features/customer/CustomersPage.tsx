import { FilterOutlined, SearchOutlined, TeamOutlined } from "../../design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useSession } from "../../api/session";
import type { Count } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { Chips, PageHeader } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { ConditionPanel } from "../formula/ConditionPanel";
import { sentenceOf } from "../formula/sentence";
import { useFormulaText } from "../formula/texts";
import { countOf } from "../formula/tree";
import { ExportButton } from "../extract/ExportButton";
import { SavedListMenu } from "../saved_list/SavedListMenu";
import { UnreadableList } from "../saved_list/UnreadableList";
import { BulkBar } from "./BulkBar";
import { ColumnMenu } from "./ColumnMenu";
import { CustomerList } from "./CustomerList";
import { isLookup } from "./find";
import { noteList, placeIn } from "./last_list";
import { filterOf, kinds, nextSort, readListState, sortFields, writeSort, type ListState } from "./list_state";
import { useCustomerName } from "../naming/naming";
import { among, nobody, type Selection } from "./selection";
import { useCustomerText } from "./texts";
import { useConditions } from "./use_conditions";
import { useCustomerCount, useCustomers } from "./use_customers";
import { useFormula } from "./use_formula";
import { useLayout } from "./use_layout";
import { useListFields, useSuggestions } from "./use_list_fields";
import { useSavedList } from "./use_saved_list";
import "./list.css";
import "./customer.css";

const named = ["identifiers", ...sortFields] as const;
const isNamed = (code: string): code is (typeof named)[number] => (named as readonly string[]).includes(code);
const FormulaSentence = lazy(() => import("../formula/FormulaSentence"));
const mostIds = 1000; // that an export takes
const notColumns = new Set(["sources", "identifier_types"]);

export function CustomersPage() {
  const { say } = useCustomerText();
  const { say: sayFormula } = useFormulaText();
  const { company, user } = useSession();
  const { titleOf } = useCustomerName();
  const isPhone = useIsPhone();
  const [words, change] = useWords();
  const state = readListState(words);
  const [left] = useState(() => ({ words, place: placeIn(user.id, words) }));
  useEffect(() => noteList(user.id, words), [user.id, words]);
  const { fields, isKnown, isComplete, labelOf } = useListFields();
  const suggestions = useSuggestions();
  const conditions = useConditions(words, fields, change);
  const { layout, isUsual, setLayout } = useLayout(words.columns, change);
  const saved = useSavedList(words, { fields, isComplete, layout }, change);
  const isReady = (isKnown || !words.where) && !saved.isOpening && saved.trouble === null;
  const [selection, setSelection] = useState<Selection>(nobody);
  const [isOpen, setOpen] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const customers = useCustomers(state, conditions.asked, isReady);
  const count = useCustomerCount(state, conditions.asked, isReady);
  const first = customers.items[0];
  const formula = useFormula(first ? { id: first.id, name: titleOf(first).text, identifier_types: [...new Set(first.identifiers.map(({ type }) => type))] } : null, conditions.text !== null);
  const isNarrowed = state.q !== "" || state.kind !== null || words.where !== undefined || words.formula !== undefined;
  const isShown = isOpen || words.filter === "1";
  const asked = words.formula === undefined ? countOf(conditions.settled) : 1;
  const sentence = sentenceOf(conditions.settled, fields, sayFormula);
  const selected = among(selection, customers.items);
  const nameOf = (code: string) => (isNamed(code) ? say(`column.${code}`) : labelOf(code));
  const codes = ["name", "identifiers", ...fields.filter(({ code, kind }) => code !== "name" && kind !== "records" && !notColumns.has(code)).map(({ code }) => code)];
  const isOfLookup = isLookup(state.q); // then the list is what was looked up
  const isByIds = isOfLookup || (customers.isFound && customers.items.length <= mostIds);
  const exported = {
    object: "customer" as const,
    columns: layout.map(({ code }) => code),
    sort: writeSort(state.sort),
    ...(isByIds ? { ids: customers.items.slice(0, mostIds).map(({ id }) => id) } : { filter: filterOf(state, conditions.asked.filter), condition: conditions.asked.condition }),
  };
  const questionNow = async () => (await import("./saved_words")).questionOf(state, layout, { tree: conditions.tree, formula: words.formula }, fields);
  const clear = () => {
    conditions.clear();
    change({ q: null, kind: null, where: null, formula: null });
  };
  const choose = (next: boolean) => {
    setChoosing(next);
    setSelection(nobody);
  };
  const toggleFilter = () => {
    setOpen(!isShown);
    change({ filter: isShown ? null : "1" }, "replace");
  };
  return (
    <div className="page customers-page">
      <ThinBar isOn={(customers.isFetching && customers.data !== undefined) || count.isFetching} />
      <PageHeader title={saved.list?.name ?? say("title")} beside={<SavedListMenu current={saved.list} isChanged={saved.isChanged} isLookup={isOfLookup} questionNow={questionNow} onOpen={saved.open} />} note={<CountWords count={customers.data === undefined || isOfLookup || customers.isFound ? undefined : count.data} isOld={count.isPlaceholderData} />}>
        <span className="list-keys faint">{say("keys")}</span>
      </PageHeader>
      <div className="toolbar">
        <SearchInput label={say("search")} placeholder={say("search.placeholder")} value={state.q} onChange={(q) => change({ q }, "replace")} />
        <Chips
          label={say("filter.kind")}
          value={state.kind}
          options={[{ value: null, label: say("filter.all") }, ...kinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) }))]}
          onChange={(kind) => change({ kind })}
        />
        <Button icon={<FilterOutlined />} aria-expanded={isShown} aria-controls="list-conditions" type={asked > 0 ? "primary" : "default"} ghost={asked > 0} onClick={toggleFilter}>
          {asked > 0 ? say("filter.count", { count: asked }) : say("filter")}
        </Button>
        {isPhone ? null : <ColumnMenu layout={layout} codes={codes} isUsual={isUsual} labelOf={nameOf} onLayout={setLayout} />}
        <ExportButton question={exported} isOff={first === undefined} />
        <PhoneSort state={state} onChange={(sort) => change({ sort })} />
        {isPhone ? (
          <Button aria-pressed={isChoosing} type={isChoosing ? "primary" : "default"} ghost={isChoosing} onClick={() => choose(!isChoosing)}>
            {say("select")}
          </Button>
        ) : null}
      </div>
      {isShown ? (
        <div className="panel list-conditions" id="list-conditions">
          <ConditionPanel tree={conditions.tree} text={conditions.text} fields={fields} {...suggestions} {...formula} object="customer" zone={company.zone} onTree={conditions.setTree} onText={conditions.setText} />
        </div>
      ) : null}
      {sentence || words.formula ? (
        <p className="list-sentence">
          <span>{words.formula ? <Suspense fallback={words.formula}><FormulaSentence text={words.formula} objects={formula.objects} object="customer" fields={fields} /></Suspense> : sentence}</span>
          <Button
            type="link"
            size="small"
            onClick={() => {
              conditions.clear();
              change({ where: null, formula: null });
            }}
          >
            {say("filter.clear")}
          </Button>
        </p>
      ) : null}
      {selected.length > 0 ? <BulkBar customers={selected} layout={layout} labelOf={nameOf} onDone={() => choose(false)} /> : null}
      {saved.trouble !== null ? (
        <UnreadableList why={saved.trouble} onAll={() => saved.open(null)} />
      ) : (
        <Answer query={customers} skeleton={<div className="panel"><SkeletonRows count={12} hasFace /></div>}>
          {() =>
            customers.items.length > 0 ? (
              <CustomerList
                customers={customers}
                sort={state.sort}
                layout={layout}
                selection={selection}
                labelOf={nameOf}
                onSort={(field) => change({ sort: writeSort(nextSort(state.sort, field)) })}
                onLayout={setLayout}
                onSelect={setSelection}
                isChoosing={isChoosing}
                from={left.words === words ? left.place : undefined}
              />
            ) : customers.isFetching ? (
              <div className="panel">
                <SkeletonRows count={6} hasFace />
              </div>
            ) : (
              <Nothing isNarrowed={isNarrowed} q={state.q} kind={isNarrowed && state.q === "" && asked === 0 ? state.kind : null} onClear={clear} />
            )
          }
        </Answer>
      )}
    </div>
  );
}

function CountWords({ count, isOld }: { count: Count | undefined; isOld: boolean }) {
  const { say } = useCustomerText();
  const format = useFormat();
  if (!count) return null;
  const shown = format.number(count.count);
  return (
    <span aria-live="polite" data-dim={isOld || undefined}>
      {count.is_exact ? say("count", { count: count.count, shown }) : say("count.at_least", { shown })}
    </span>
  );
}

function Nothing({ isNarrowed, q, kind, onClear }: { isNarrowed: boolean; q: string; kind: ListState["kind"]; onClear: () => void }) {
  const { say } = useCustomerText();
  return (
    <div className="panel">
      {isNarrowed ? (
        <EmptyState icon={<SearchOutlined />} title={kind ? say("none.kind_title", { kind: say(`kind.${kind}`) }) : say("none.title")} text={say(kind ? `none.${kind}_text` : "none.text")}>
          <Button onClick={onClear}>{say("none.act")}</Button>
          {q ? (
            <Link to="/search" search={{ q }} className="button-link">
              {say("none.search", { text: q })}
            </Link>
          ) : null}
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
      {sortFields.map((field) => (
        <option key={field} value={field === "name" ? field : `-${field}`}>
          {say(`column.${field}`)}
        </option>
      ))}
    </select>
  );
}
