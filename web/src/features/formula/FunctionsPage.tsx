// Every function of formulas, out of the server's own table: how it is written, what it does, examples.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { get } from "../../api/client";
import type { FormulaFunction } from "../../api/types";
import { useWords } from "../../design/address";
import { FunctionOutlined } from "../../design/icons";
import { Badge, PageHeader } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { families, familyOf, found } from "./functions";
import { useFormulaText } from "./texts";
import "./functions.css";

const path = "/api/v1/formula/functions";

export function FunctionsPage() {
  const { say } = useFormulaText();
  const [words, change] = useWords();
  const q = words.q ?? "";
  const family = familyOf(words.family);
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<{ items: FormulaFunction[] }>(path, {}, signal), staleTime: Infinity });
  return (
    <div className="page">
      <PageHeader title={say("functions.title")} note={say("functions.note")}>
        <Link to="/fields" className="button-link">
          {say("functions.fields")}
        </Link>
      </PageHeader>
      <div className="toolbar functions-toolbar">
        <SearchInput label={say("functions.search")} placeholder={say("functions.search.placeholder")} value={q} onChange={(text) => change({ q: text }, "replace")} />
        <div className="chips" role="group" aria-label={say("functions.families")}>
          {(["all", ...families] as const).map((one) => (
            <button key={one} type="button" className="chip" aria-pressed={(family ?? "all") === one} onClick={() => change({ family: one === "all" ? null : one }, "replace")}>
              {say(`function_family.${one}`)}
            </button>
          ))}
        </div>
      </div>
      <Answer query={query} skeleton={<SkeletonRows count={8} />}>
        {() => <Found items={found(query.data!.items, q, family)} onClear={() => change({ q: null, family: null }, "replace")} />}
      </Answer>
    </div>
  );
}

function Found({ items, onClear }: { items: FormulaFunction[]; onClear: () => void }) {
  const { say } = useFormulaText();
  if (items.length === 0)
    return (
      <section className="panel">
        <EmptyState icon={<FunctionOutlined />} title={say("functions.none")} text={say("functions.none.text")}>
          <Button onClick={onClear}>{say("functions.clear")}</Button>
        </EmptyState>
      </section>
    );
  return (
    <>
      <p className="soft" role="status">
        {say("functions.count", { count: items.length })}
      </p>
      {families
        .map((family) => ({ family, own: items.filter((item) => item.family === family) }))
        .filter(({ own }) => own.length > 0)
        .map(({ family, own }) => (
          <section key={family} className="panel functions-family" aria-label={say(`function_family.${family}`)}>
            <div className="panel-head">
              <h2>{say(`function_family.${family}`)}</h2>
            </div>
            {own.map((one) => (
              <OneFunction key={one.name} one={one} />
            ))}
          </section>
        ))}
    </>
  );
}

function OneFunction({ one }: { one: FormulaFunction }) {
  const { say, sayCode, language } = useFormulaText();
  return (
    <article className="function" id={one.name}>
      <h3>
        <code>{one.signature}</code>
        {one.is_aggregate ? <Badge mood="accent">{say("functions.aggregate")}</Badge> : null}
        {one.aliases.length > 0 ? <span className="faint">{say("functions.also", { names: one.aliases.join(", ") })}</span> : null}
      </h3>
      <p>{one.help[language]}</p>
      {one.words.map(({ parameter, words }) => (
        <p key={parameter} className="function-words">
          <code>{parameter}</code>
          <span className="faint">{say("functions.words")}</span>
          {words.map((word) => (
            <code key={word}>{word}</code>
          ))}
        </p>
      ))}
      <ul className="function-examples">
        {one.examples.map(({ text, value, error }) => (
          <li key={text}>
            <code>{text}</code>
            <span className="faint" aria-label={say("functions.gives")} role="img">
              →
            </span>
            {error ? <em className="function-error">{say("functions.error", { what: sayCode("function_error", error.replace("formula.", "")) })}</em> : value === "" ? <em className="faint">{say("functions.nothing")}</em> : <code>{value}</code>}
          </li>
        ))}
      </ul>
      {one.use ? (
        <p className="function-use">
          <span className="faint">{say("functions.use")}</span> <code>{one.use}</code>
        </p>
      ) : null}
    </article>
  );
}
