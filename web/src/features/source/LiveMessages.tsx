// The newest messages as they come, taken or refused and why: to look on while a site or app is being connected.
import { CheckCircleOutlined, CloseCircleOutlined, EyeOutlined, PauseCircleOutlined } from "../../design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import type { Page, Source, SourceMessage } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { Badge, Chips, ExactTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useEventNames } from "../naming/events";
import { Json } from "./Json";
import { keyOf, lookupOf, newerThan, pageOf } from "./live";
import { useSourceText } from "./texts";
import { sourcePath, useTrafficNews } from "./use_source";

const shown = 100;
type Fate = SourceMessage["fate"];

export function LiveMessages({ source }: { source: Source }) {
  const { say, language } = useSourceText();
  const format = useFormat();
  const [words, change] = useWords();
  const [pause, setPause] = useState<"no" | "by_hand" | "while_open">("no");
  const [held, setHeld] = useState<{ fate: Fate | null; items: SourceMessage[] } | null>(null);
  const fate = words.fate === "accepted" || words.fate === "refused" ? (words.fate as Fate) : null;
  const path = `${sourcePath(source.id)}/messages`;
  const query = useQuery({
    queryKey: [path, fate, language],
    queryFn: ({ signal }) => get<Page<SourceMessage>>(path, { limit: shown, fate }, signal),
    placeholderData: keepPreviousData,
  });
  useTrafficNews(source.id, true, () => void query.refetch());
  const newest = query.data?.items;
  const isPaused = pause !== "no";
  if (!isPaused && held) setHeld(null);
  if (isPaused && newest && !query.isPlaceholderData && held?.fate !== fate) setHeld({ fate, items: newest });
  const newer = held && newest && !query.isPlaceholderData ? newerThan(held.items, newest) : 0;
  // An open message is read: nothing pushes it away.
  const follow = (openCount: number) => setPause((before) => (before === "by_hand" ? before : openCount > 0 ? "while_open" : "no"));
  return (
    <>
      <div className="live-acts">
        <Chips<Fate> label={say("fate")} value={fate} options={[{ value: null, label: say("fate.all") }, { value: "accepted", label: say("fate.accepted") }, { value: "refused", label: say("fate.refused") }]} onChange={(next) => change({ fate: next }, "replace")} />
        <div className="live-state">
          <span className={isPaused ? "live-mark" : "live-mark live-mark-on"} role="status">
            {pause === "no" ? say("live") : pause === "by_hand" ? say("paused") : say("paused_open")}
          </span>
          <Button size="small" icon={isPaused ? <EyeOutlined /> : <PauseCircleOutlined />} onClick={() => setPause(isPaused ? "no" : "by_hand")}>
            {!isPaused ? say("pause") : newer > 0 ? say("go_on_newer", { number: newer < shown ? format.number(newer) : `${format.number(newer)}+` }) : say("go_on")}
          </Button>
        </div>
      </div>
      <Answer query={query} skeleton={<SkeletonRows count={5} />}>
        {() => {
          const items = held?.items ?? query.data!.items;
          if (items.length === 0) return <EmptyState icon={<EyeOutlined />} title={fate ? say("live.none_such") : say("live.empty")} text={fate ? undefined : say("live.empty_text")} />;
          return <MessageTable items={items} onOpen={follow} />;
        }}
      </Answer>
    </>
  );
}

const callOf = ({ type, name }: SourceMessage) => ({ kind: type || "request", name });

function MessageTable({ items, onOpen }: { items: SourceMessage[]; onOpen: (openCount: number) => void }) {
  const { say } = useSourceText();
  const { nameOf, sentAs } = useEventNames();
  return (
    <DataTable
      label={say("tab.live")}
      rows={items}
      rowKey={keyOf}
      rowName={(one) => nameOf(callOf(one))}
      isFixed
      onOpen={onOpen}
      expanded={(one) => <Json text={one.message} />}
      columns={[
        { key: "at", title: say("at"), width: 196, cell: (one) => <ExactTime at={one.at} as="full" /> },
        {
          key: "what",
          title: say("message"),
          isMain: true,
          cell: (one) => <What one={one} name={nameOf(callOf(one))} raw={sentAs(callOf(one))} />,
        },
        { key: "who", title: say("who"), width: "20%", cell: (one) => <Who one={one} /> },
        { key: "library", title: say("sent_by"), width: "14%", cell: (one) => one.library },
        {
          key: "fate",
          title: say("fate"),
          width: "20%",
          cell: (one) =>
            one.fate === "accepted" ? (
              <Badge mood="good" icon={<CheckCircleOutlined />}>
                {say("fate.accepted")}
              </Badge>
            ) : (
              <span className="refusal">
                <Badge mood="bad" icon={<CloseCircleOutlined />}>
                  {say("fate.refused")}
                </Badge>{" "}
                {one.reason}
              </span>
            ),
        },
      ]}
    />
  );
}

function What({ one, name, raw }: { one: SourceMessage; name: string; raw: string }) {
  const { kindOf } = useEventNames();
  const kind = kindOf(one.type || "request");
  const { title, path } = pageOf(one);
  const called = one.name ? name : title;
  return (
    <span className="live-what">
      <span className="source-name">
        <Badge>{kind}</Badge> {called ? <b>{called}</b> : null} {raw ? <code className="soft">{raw}</code> : null}
      </span>
      {path && path !== called ? <span className="soft">{path}</span> : null}
    </span>
  );
}

// What was taken belongs to a customer, who is found by this very identifier.
function Who({ one }: { one: SourceMessage }) {
  const { say } = useSourceText();
  const q = lookupOf(one);
  if (!q) return <code className="who">{one.who}</code>;
  return (
    <Link to="/customers" search={{ q }} className="who" title={say("who_find")}>
      <code>{one.who}</code>
    </Link>
  );
}
