// The newest messages as they come, taken or refused and why: to look on while a site or app is being connected.
import { CheckCircleOutlined, CloseCircleOutlined, EyeOutlined, PauseCircleOutlined } from "../../design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import type { Page, Source, SourceMessage } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable } from "../../design/DataTable";
import { Badge, Chips, ExactTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { Json } from "./Json";
import { useSourceText } from "./texts";
import { sourcePath, useTrafficNews } from "./use_source";

const shown = 100;
type Fate = SourceMessage["fate"];

export function LiveMessages({ source }: { source: Source }) {
  const { say, language } = useSourceText();
  const [words, change] = useWords();
  const [isPaused, setPaused] = useState(false);
  const fate = words.fate === "accepted" || words.fate === "refused" ? (words.fate as Fate) : null;
  const path = `${sourcePath(source.id)}/messages`;
  const query = useQuery({
    queryKey: [path, fate, language],
    queryFn: ({ signal }) => get<Page<SourceMessage>>(path, { limit: shown, fate }, signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: !isPaused,
  });
  useTrafficNews(source.id, !isPaused, () => void query.refetch());
  const pause = () => {
    if (isPaused) void query.refetch();
    setPaused(!isPaused);
  };
  return (
    <>
      <div className="live-acts">
        <Chips<Fate> label={say("fate")} value={fate} options={[{ value: null, label: say("fate.all") }, { value: "accepted", label: say("fate.accepted") }, { value: "refused", label: say("fate.refused") }]} onChange={(next) => change({ fate: next }, "replace")} />
        <span className={isPaused ? "live-mark" : "live-mark live-mark-on"} role="status">
          {isPaused ? say("paused") : say("live")}
        </span>
        <Button size="small" icon={isPaused ? <EyeOutlined /> : <PauseCircleOutlined />} aria-pressed={isPaused} onClick={pause}>
          {isPaused ? say("go_on") : say("pause")}
        </Button>
      </div>
      <Answer query={query} skeleton={<SkeletonRows count={5} />}>
        {() => {
          const { items } = query.data!;
          if (items.length === 0) return <EmptyState icon={<EyeOutlined />} title={fate ? say("live.none_such") : say("live.empty")} text={fate ? undefined : say("live.empty_text")} />;
          return <MessageTable items={items} />;
        }}
      </Answer>
    </>
  );
}

function MessageTable({ items }: { items: SourceMessage[] }) {
  const { say, sayCode } = useSourceText();
  return (
    <DataTable
      label={say("tab.live")}
      rows={items}
      rowKey={(one) => `${one.fate}${one.id}`}
      rowName={(one) => one.name || one.type}
      expanded={(one) => <Json text={one.message} />}
      columns={[
        { key: "at", title: say("at"), width: 170, cell: (one) => <ExactTime at={one.at} as="full" /> },
        {
          key: "what",
          title: say("message"),
          isMain: true,
          cell: (one) => (
            <span className="source-name">
              <Badge>{sayCode("type", one.type || "unknown")}</Badge> <b>{one.name}</b>
            </span>
          ),
        },
        { key: "who", title: say("who"), cell: (one) => <code className="who">{one.who}</code> },
        { key: "library", title: say("sent_by"), cell: (one) => one.library },
        {
          key: "fate",
          title: say("fate"),
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
