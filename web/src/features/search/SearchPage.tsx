// All that a text finds, on a page of its own: by kind, the best first.
import { LoadingOutlined, SearchOutlined, WarningOutlined } from "../../design/icons";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect } from "react";
import type { CustomerKind, Found, SearchHit, SearchIndex } from "../../api/types";
import { useWords } from "../../design/address";
import { useFormat } from "../../design/format_context";
import { isComposing } from "../../design/keyboard";
import { Chips, PageHeader, Panel, RelativeTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { groupsOf, textLengthMax, useFound, useIndex } from "./ask";
import { HitWords, RecordWords } from "./HitWords";
import { useSearchText } from "./texts";

const kinds = ["person", "organisation", "household"] as const;
const limit = 50;

// Arrow keys go from the field to the hits and among them.
function goAmongHits(event: KeyboardEvent): void {
  const step = isComposing(event) ? 0 : event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const places = [...document.querySelectorAll<HTMLElement>(".search-page input[type=search], .search-page a.found-hit")];
  const at = places.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  places[Math.max(0, Math.min(places.length - 1, at + step))]?.focus();
}

export function SearchPage() {
  const { say } = useSearchText();
  const [words, change] = useWords();
  const text = (words.q ?? "").trim();
  const kind = kinds.find((one) => one === words.kind) ?? null;
  const found = useFound(text, { kind, limit });
  const index = useIndex();
  const isTooLong = [...text].length > textLengthMax;
  useEffect(() => {
    document.addEventListener("keydown", goAmongHits);
    return () => document.removeEventListener("keydown", goAmongHits);
  }, []);
  return (
    <div className="page search-page">
      <ThinBar isOn={found.isFetching && found.data !== undefined} />
      <PageHeader title={text ? say("titled", { text }) : say("title")} note={text && found.data && !isTooLong ? <Count found={found.data} /> : null} />
      <div className="toolbar">
        <SearchInput label={say("label")} placeholder={say("placeholder")} value={words.q ?? ""} onChange={(q) => change({ q }, "replace")} autoFocus />
        <Chips
          label={say("filter.kind")}
          value={kind}
          options={[{ value: null, label: say("filter.all") }, ...kinds.map((one) => ({ value: one, label: say(`kind.${one}`) }))]}
          onChange={(next) => change({ kind: next })}
        />
      </div>
      <Standing index={index} />
      {isTooLong ? (
        <p role="alert">{say("too_long")}</p>
      ) : text === "" ? (
        <div className="panel">
          <EmptyState icon={<SearchOutlined />} title={say("begin.title")} text={say("begin.text")} />
        </div>
      ) : (
        <Answer query={found} skeleton={<div className="panel"><SkeletonRows count={6} hasFace /></div>}>
          {() => (
            <div aria-live="polite" aria-busy={found.isPlaceholderData}>
              <Results text={text} found={found.data!} kind={kind} index={index} onAll={() => change({ kind: null })} />
            </div>
          )}
        </Answer>
      )}
    </div>
  );
}

function Count({ found }: { found: Found }) {
  const { say } = useSearchText();
  const format = useFormat();
  return say("count", { count: Math.max(found.count, found.items.length), shown: format.number(Math.max(found.count, found.items.length)) });
}

function Standing({ index }: { index: SearchIndex | undefined }) {
  const { say } = useSearchText();
  if (!index || index.state === "following") return null;
  if (index.state === "standing")
    return (
      <div className="stale" role="status">
        <WarningOutlined /> {say("state.standing")} {index.trouble}
      </div>
    );
  return (
    <div className="search-standing" role="status">
      <LoadingOutlined /> {index.state === "filling" ? say("state.filling", { percent: index.percent }) : say("state.opening")}
    </div>
  );
}

interface ResultsOf {
  text: string;
  found: Found;
  kind: CustomerKind | null;
  index: SearchIndex | undefined;
  onAll: () => void;
}

function Results({ text, found, kind, index, onAll }: ResultsOf) {
  const { say } = useSearchText();
  if (found.items.length === 0 && found.records.length === 0)
    return (
      <div className="panel">
        <EmptyState icon={<SearchOutlined />} title={say("none.title", { text })} text={say("none.text")}>
          {kind ? <Button onClick={onAll}>{say("none.act")}</Button> : null}
        </EmptyState>
      </div>
    );
  return (
    <>
      {found.records.length > 0 ? (
        <Panel title={say("records")} className="found-group">
          <ul className="found-list">
            {found.records.map((hit) => (
              <li key={`${hit.object}-${hit.id}`}>
                {hit.customer ? (
                  <Link to="/customers/$id" params={{ id: hit.customer.id }} search={{ tab: `${hit.object}s` } as never} className="found-hit">
                    <RecordWords hit={hit} />
                  </Link>
                ) : (
                  <div className="found-hit">
                    <RecordWords hit={hit} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
      {groupsOf(found.items).map(({ kind: one, hits }) => (
        <Panel key={one} title={say(`kind.${one}`)} className="found-group">
          <ul className="found-list">
            {hits.map((hit) => (
              <HitRow key={hit.customer.id} hit={hit} />
            ))}
          </ul>
        </Panel>
      ))}
      <Rest found={found} isFollowing={index?.state === "following"} />
    </>
  );
}

function HitRow({ hit }: { hit: SearchHit }) {
  const isPhone = useIsPhone();
  return (
    <li>
      <Link to="/customers/$id" params={{ id: hit.customer.id }} className="found-hit">
        <HitWords hit={hit} size={32} />
        {isPhone ? null : (
          <span className="found-seen">
            <RelativeTime at={hit.customer.computed.last_seen_at} />
          </span>
        )}
      </Link>
    </li>
  );
}

function Rest({ found, isFollowing }: { found: Found; isFollowing: boolean }) {
  const { say } = useSearchText();
  const format = useFormat();
  return (
    <>
      {found.count > found.items.length ? <p className="soft">{say("more", { shown: format.number(found.items.length) })}</p> : null}
      {!found.is_complete && isFollowing ? <p className="soft">{say("partly")}</p> : null}
    </>
  );
}
