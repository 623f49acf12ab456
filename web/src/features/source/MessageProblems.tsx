// What was taken and had not all the effect that its name promises: it stays where it is; the sender is to be mended.
import { CheckCircleOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { MessageProblem, Source, StoredEvent } from "../../api/types";
import { DataTable, MoreRows } from "../../design/DataTable";
import { ExactTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { Json } from "./Json";
import { useSourceText } from "./texts";
import { sourcePath, useTrafficNews } from "./use_source";

export function MessageProblems({ source }: { source: Source }) {
  const { say, language } = useSourceText();
  const pages = usePages<MessageProblem>(`${sourcePath(source.id)}/problems`, {});
  useTrafficNews(source.id, source.kind !== "file", () => void pages.refetch());
  return (
    <>
      <Answer query={pages} skeleton={<SkeletonRows count={5} />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<CheckCircleOutlined />} title={say("problems.empty")} text={say("problems.empty_text")} />
          ) : (
            <DataTable<MessageProblem>
              key={language}
              label={say("tab.problems")}
              rows={pages.items}
              rowKey={(problem) => problem.position}
              rowName={(problem) => problem.message}
              expanded={(problem) => <Message position={problem.position} />}
              columns={[
                { key: "at", title: say("at"), cell: (problem) => <ExactTime at={problem.at} /> },
                { key: "name", title: say("message"), isMain: true, cell: (problem) => <b>{problem.code.startsWith("merge.") ? say("problems.merge") : problem.name}</b> },
                { key: "reason", title: say("reason"), cell: (problem) => problem.message },
              ]}
            />
          )
        }
      </Answer>
      <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
    </>
  );
}

// As it was sent, for who may see that; what it says to others.
const textOf = ({ is_redacted, raw, properties }: StoredEvent): string => (is_redacted ? "" : JSON.stringify(raw ?? properties));

function Message({ position }: { position: string }) {
  const path = `/api/v1/events/${encodeURIComponent(position)}`;
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<StoredEvent>(path, {}, signal), staleTime: Infinity });
  return (
    <Answer query={query} skeleton={<SkeletonRows count={2} />}>
      {() => <Json text={textOf(query.data!)} />}
    </Answer>
  );
}
