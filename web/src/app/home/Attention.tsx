// Data to look at, each with the way to where it is settled.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import { useLive } from "../../api/live";
import type { ConflictCount, IdentifierValue, Page, Source } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { CheckCircleOutlined, CloudUploadOutlined, MergeCellsOutlined, StopOutlined, SwapOutlined, WarningOutlined } from "../../design/icons";
import { Panel } from "../../design/pieces";
import { SkeletonRows } from "../../design/states";
import { useImports } from "../../features/import/use_imports";
import { useProgress } from "../../features/review/progress";
import { useAllTraffic } from "../../features/source/use_source";
import { useAppText } from "../texts";
import { mattersOf, type Matter } from "./attention";

const valuesMax = 50;

export function Attention() {
  const { say } = useAppText();
  const counts = useQuery({ queryKey: ["/api/v1/quality/conflicts", "counts"], queryFn: ({ signal }) => get<Page<ConflictCount>>("/api/v1/quality/conflicts/counts", {}, signal) });
  const values = useQuery({ queryKey: ["/api/v1/identifiers", "home"], queryFn: ({ signal }) => get<Page<IdentifierValue>>("/api/v1/identifiers", { limit: valuesMax, state: "shared" }, signal) });
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const traffic = useAllTraffic();
  const imports = useImports();
  const review = useProgress();
  useLive(() => {
    void counts.refetch();
    void review.refetch();
  });
  const parts = [counts, values, sources, traffic, imports, review];
  const isKnown = parts.every(({ data, isError }) => data !== undefined || isError);
  const known = {
    conflicts: counts.data?.items ?? [],
    sources: sources.items,
    traffic: traffic.data?.items ?? [],
    imports: imports.items,
    pairs: review.data?.open ?? 0,
    values: { count: values.data?.items.length ?? 0, isMore: Boolean(values.data?.next) },
  };
  const [now] = useState(() => Date.now());
  const matters = mattersOf(known, now);
  return (
    <Panel title={say("home.attention")}>
      {!isKnown && matters.length === 0 ? (
        <SkeletonRows count={3} />
      ) : matters.length === 0 ? (
        <p className="soft with-icon">
          <CheckCircleOutlined className="good" /> {say(parts.some(({ isError }) => isError) ? "home.attention_unknown" : "home.attention_none")}
        </p>
      ) : (
        <ul className="matters">
          {matters.map((matter) => (
            <li key={matter.kind === "refused" ? `refused${matter.source}` : matter.kind === "import" ? `import${matter.id}` : matter.kind}>
              <One matter={matter} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function One({ matter }: { matter: Matter }) {
  const { say } = useAppText();
  const format = useFormat();
  switch (matter.kind) {
    case "refused":
      return (
        <Link to="/sources/$id" params={{ id: matter.source }} search={{ tab: "refused" }}>
          <WarningOutlined /> {say("home.matter_refused", { count: matter.count, shown: format.number(matter.count), name: matter.name })}
        </Link>
      );
    case "import":
      return (
        <Link to="/imports" search={{ import: matter.id }}>
          <CloudUploadOutlined /> {matter.failed > 0 ? say("home.matter_rows", { count: matter.failed, shown: format.number(matter.failed), file: matter.file }) : say("home.matter_import", { file: matter.file })}
        </Link>
      );
    case "pairs":
      return (
        <Link to="/review" search={{}}>
          <MergeCellsOutlined /> {say("home.matter_pairs", { count: matter.count, shown: format.number(matter.count) })}
        </Link>
      );
    case "conflicts":
      return (
        <Link to="/quality" search={{}}>
          <SwapOutlined /> {say("home.matter_conflicts", { count: matter.count, shown: format.number(matter.count) })}
        </Link>
      );
    case "values":
      return (
        <Link to="/values" search={{ state: "shared" }}>
          <StopOutlined /> {matter.isMore ? say("home.matter_values_more", { shown: format.number(matter.count) }) : say("home.matter_values", { count: matter.count, shown: format.number(matter.count) })}
        </Link>
      );
  }
}
