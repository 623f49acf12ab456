import { SearchOutlined } from "../../design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { isComposing, useShortcuts } from "../../design/keyboard";
import { Avatar } from "../../design/pieces";
import { findCustomers } from "../../features/customer/find";
import { useCustomerName } from "../../features/customer/naming";
import { useMenu } from "../menu";
import { useAppText } from "../texts";

interface Hit {
  key: string;
  group: string | null;
  content: ReactNode;
  open: () => void;
}

function useSettled(text: string, milliseconds: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return settled;
}

function useHits(text: string) {
  const { say } = useAppText();
  const navigate = useNavigate();
  const menu = useMenu();
  const { titleOf, subtitleOf } = useCustomerName();
  const settled = useSettled(text.trim(), 150);
  const query = useQuery({
    queryKey: ["search", settled],
    queryFn: ({ signal }) => findCustomers(settled, signal),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isSettled = settled === text.trim() && !query.isPlaceholderData;
  const customers: Hit[] = (settled && text.trim() ? (query.data ?? []) : []).map((customer) => ({
    key: `customer-${customer.id}`,
    group: say("search.customers"),
    content: (
      <>
        <Avatar name={titleOf(customer).isName ? titleOf(customer).text : null} seed={customer.id} kind={customer.kind} size={28} />
        <span className="hit-words">
          <b>{titleOf(customer).text}</b>
          <small>{subtitleOf(customer)}</small>
        </span>
      </>
    ),
    open: () => void navigate({ to: "/customers/$id", params: { id: customer.id } }),
  }));
  const all: Hit[] = text.trim()
    ? [{ key: "all", group: null, content: <><SearchOutlined /> {say("search.all", { text: text.trim() })}</>, open: () => void navigate({ to: "/customers", search: { q: text.trim() } }) }]
    : [];
  const pages: Hit[] = menu
    .filter((entry) => entry.label.toLowerCase().includes(text.trim().toLowerCase()))
    .map((entry) => ({ key: entry.to, group: say("search.pages"), content: <>{entry.icon} {entry.label}</>, open: () => void navigate({ to: entry.to }) }));
  const isNone = isSettled && text.trim() !== "" && query.isSuccess && customers.length === 0;
  return { hits: [...customers, ...(customers.length > 0 ? all : []), ...pages], isNone, isFailed: isSettled && query.isError };
}

export function SearchBox() {
  const { say } = useAppText();
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const { hits, isNone, isFailed } = useHits(text);
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
    hit.open();
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
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">{/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
      {isOpen ? (
        <div className="search-panel">
          {isNone ? <p className="search-note" role="status">{say("search.none", { text: text.trim() })}</p> : null}
          {isFailed ? <p className="search-note" role="alert">{say("search.failed")}</p> : null}
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
