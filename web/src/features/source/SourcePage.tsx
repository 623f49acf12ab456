import { ArrowLeftOutlined } from "../../design/icons";
import { Link, useParams } from "@tanstack/react-router";
import { Tabs } from "antd";
import { Suspense, lazy, type ReactNode } from "react";
import { useMay } from "../../api/session";
import type { Source } from "../../api/types";
import { useWords } from "../../design/address";
import { Badge, PageHeader } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { Install } from "./Install";
import { LiveMessages } from "./LiveMessages";
import { MessageProblems } from "./MessageProblems";
import { Overview } from "./Overview";
import { RefusedMessages } from "./RefusedMessages";
import { SourceSettings } from "./SourceSettings";
import { kindIcons } from "./SourcesPage";
import { useSourceText } from "./texts";
import { useSource } from "./use_source";
import { WriteKeys } from "./WriteKeys";
import "./source.css";

const FetchPanel = lazy(() => import("../fetch/FetchPanel").then(({ FetchPanel: panel }) => ({ default: panel })));

export function SourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { say } = useSourceText();
  const query = useSource(id);
  return (
    <div className="page">
      <Link to="/sources" className="source-back">
        <ArrowLeftOutlined /> {say("title")}
      </Link>
      <Answer query={query} skeleton={<SkeletonRows count={6} />}>
        {() => <WholeSource key={id} source={query.data!} />}
      </Answer>
    </div>
  );
}

function WholeSource({ source }: { source: Source }) {
  const { say } = useSourceText();
  const [words, change] = useWords();
  const mayEdit = useMay("editor");
  const isAdmin = useMay("admin");
  const isSending = source.kind !== "file";
  const all: [key: "overview" | "fetch" | "install" | "live" | "refused" | "problems" | "settings" | "keys", isShown: boolean, content: ReactNode][] = [
    ["overview", isSending, <Overview key="overview" source={source} />],
    [
      "fetch",
      !isSending && mayEdit,
      <Suspense key="fetch" fallback={<SkeletonRows count={4} />}>
        <FetchPanel source={source} />
      </Suspense>,
    ],
    ["install", true, <Install key="install" source={source} />],
    ["live", isSending && mayEdit, <LiveMessages key="live" source={source} />],
    ["refused", isSending && mayEdit, <RefusedMessages key="refused" source={source} />],
    ["problems", mayEdit, <MessageProblems key="problems" source={source} />],
    ["settings", true, <SourceSettings key="settings" source={source} />],
    ["keys", isSending && isAdmin, <WriteKeys key="keys" source={source} />],
  ];
  const shown = all.filter(([, isShown]) => isShown);
  const first = shown[0]![0];
  const active = shown.find(([key]) => key === words.tab)?.[0] ?? first;
  return (
    <>
      <PageHeader
        title={source.name}
        note={
          <span className="with-icon">
            {kindIcons[source.kind]} {say(`kind.${source.kind}`)} {source.is_active ? null : <Badge>{say("archived")}</Badge>}
          </span>
        }
      />
      <section className="panel tabbed">
        <Tabs
          activeKey={active}
          destroyOnHidden
          onChange={(next) => change({ tab: next === first ? null : next, code: null, path: null, state: null, fate: null }, "replace")}
          items={shown.map(([key, , content]) => ({ key, label: say(`tab.${key}`), children: <div className="tab-content">{content}</div> }))}
        />
      </section>
    </>
  );
}
