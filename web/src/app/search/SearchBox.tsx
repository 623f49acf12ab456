import { LoadingOutlined, SearchOutlined } from "../../design/icons";
import { useNavigate } from "@tanstack/react-router";
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { RecordHit, SearchHit } from "../../api/types";
import { isComposing, useShortcuts } from "../../design/keyboard";
import { groupsOf, isGoneOn, textLengthMax, useFound, useSettled } from "../../features/search/ask";
import { HitWords, RecordWords } from "../../features/search/HitWords";
import { useSearchText } from "../../features/search/texts";
import { useMenu } from "../menu";
import { useAppText } from "../texts";

const customersShown = 8;

interface Hit {
  key: string;
  group: string | null;
  content: ReactNode;
  open: () => void;
  isFound?: boolean; // by what was asked, which may not be what stands there by now
}

function useHits(text: string, isHeld: boolean) {
  const { say } = useAppText();
  const { say: saySearch } = useSearchText();
  const navigate = useNavigate();
  const menu = useMenu();
  const asked = text.trim();
  const settled = useSettled(asked, isHeld);
  const query = useFound(settled, { limit: customersShown });
  const isSettled = settled === asked && !query.isPlaceholderData;
  const found = isGoneOn(settled, asked) ? query.data : undefined;

  const openAll = () => void navigate({ to: "/search", search: { q: asked } });
  const customerHit = (hit: SearchHit, group: string): Hit => ({
    key: `customer-${hit.customer.id}`,
    group,
    isFound: true,
    content: <HitWords hit={hit} />,
    open: () => void navigate({ to: "/customers/$id", params: { id: hit.customer.id } }),
  });
  const recordHit = (hit: RecordHit): Hit => ({
    key: `${hit.object}-${hit.id}`,
    group: saySearch("records"),
    isFound: true,
    content: <RecordWords hit={hit} />,
    open: () => void (hit.customer ? navigate({ to: "/customers/$id", params: { id: hit.customer.id }, search: { tab: `${hit.object}s` } as never }) : openAll()),
  });
  const customers = groupsOf(found?.items ?? []).flatMap(({ kind, hits }) => hits.map((hit) => customerHit(hit, saySearch(`kind.${kind}`))));
  const records = (found?.records ?? []).map(recordHit);
  const all: Hit[] = customers.length > 0 ? [{ key: "all", group: null, content: <><SearchOutlined /> {say("search.all", { text: asked })}</>, open: openAll }] : [];
  const pages: Hit[] = menu
    .filter((entry) => entry.label.toLowerCase().includes(asked.toLowerCase()))
    .map((entry) => ({ key: entry.to, group: say("search.pages"), content: <>{entry.icon} {entry.label}</>, open: () => void navigate({ to: entry.to }) }));
  const isNone = isSettled && asked !== "" && query.isSuccess && customers.length + records.length === 0;
  return {
    hits: [...records, ...customers, ...all, ...pages],
    isNone,
    isFailed: isSettled && query.isError,
    isWaiting: asked !== "" && !isHeld && (query.isFetching || settled !== asked),
    isPreparing: found?.is_complete === false && customers.length === 0,
    isTooLong: [...asked].length > textLengthMax,
    ask: () => void query.refetch(),
    openAll,
  };
}

export function SearchBox() {
  const { say } = useAppText();
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [isHeld, setHeld] = useState(false); // an input method composes
  const { hits, isNone, isFailed, isWaiting, isPreparing, isTooLong, ask, openAll } = useHits(text, isHeld);
  const at = Math.min(place, Math.max(hits.length - 1, 0));
  const focus = (event: Event) => {
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  };
  useShortcuts({ "mod+k": focus, "/": focus });

  const close = () => {
    setOpen(false);
    setText("");
    setPlace(0);
    input.current?.blur();
  };
  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    if (hit.isFound && isWaiting) openAll();
    else hit.open();
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setPlace((at + step + hits.length) % Math.max(hits.length, 1));
    } else if (event.key === "Enter") choose(hits[at]);
    else if (event.key === "Escape") close();
  };

  return (
    <div className="search" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <SearchOutlined className="search-icon" />
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={say("search")}
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && hits[at] ? `${list}-${at}` : undefined}
        placeholder={say("search.placeholder")}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
          setOpen(true);
        }}
        onCompositionStart={() => setHeld(true)}
        onCompositionEnd={() => setHeld(false)}
        onKeyDown={onKeyDown}
      />
      {isWaiting ? <LoadingOutlined className="search-waiting" aria-hidden="true" /> : null}
      <kbd aria-hidden="true">{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
      {isOpen ? (
        <div className="search-panel">
          {isTooLong ? (
            <p className="search-note" role="alert">{say("search.too_long")}</p>
          ) : isFailed ? (
            <p className="search-note" role="alert">
              {say("search.failed")}{" "}
              <button type="button" className="search-again" onClick={ask}>
                {say("search.again")}
              </button>
            </p>
          ) : isNone ? (
            <p className="search-note" role="status">{isPreparing ? say("search.preparing") : say("search.none", { text: text.trim() })}</p>
          ) : null}
          <div id={list} role="listbox" aria-label={say("search")}>
            {hits.map((hit, index) => (
              <div key={hit.key}>
                {hit.group && hit.group !== hits[index - 1]?.group ? <div className="search-group">{hit.group}</div> : null}
                <div
                  id={`${list}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === at}
                  className="hit"
                  onMouseMove={() => setPlace(index)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => choose(hit)}
                  onKeyDown={(event) => event.key === "Enter" && choose(hit)}
                >
                  {hit.content}
                </div>
              </div>
            ))}
          </div>
          <p className="search-hint">{say("search.hint")}</p>
        </div>
      ) : null}
    </div>
  );
}
