// What a customer is made of, as a graph and as a list: choose a link to see why it is there, look what a cut would part, and cut it.
import { Button, Input, Modal, Segmented } from "antd";
import { Suspense, lazy, useState } from "react";
import { post } from "../../api/client";
import { useMay } from "../../api/session";
import type { DecisionOutcome, Lineage, LineageLink, LineageNode } from "../../api/types";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { ExactTime } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { SkeletonRows } from "../../design/states";
import { Becomes } from "./Becomes";
import { farSideOf, graphOf, linksBetween, type Graph } from "./graph";
import { useIdentifierText } from "../naming/naming";
import { isTyped, useNodeText } from "./node_text";
import { useCustomerText } from "./texts";
import { unmergePath, useTell } from "./use_decisions";
import { ByHand } from "./Why";
import "./graph.css";

const GraphCanvas = lazy(() => import("./GraphCanvas"));
const step = 200;

export function IdentityGraph({ id, lineage, onClose }: { id: string; lineage: Lineage; onClose: () => void }) {
  const { say } = useCustomerText();
  const isPhone = useIsPhone();
  const [as, setAs] = useState<"graph" | "list">(isPhone ? "list" : "graph");
  const [limit, setLimit] = useState(step);
  const [link, setLink] = useState<LineageLink | null>(null);
  const graph = graphOf(lineage, limit);
  return (
    <Modal open title={say("graph.title")} width={1180} onCancel={onClose} footer={null} className="identity-graph">
      <div className="graph-bar">
        {isPhone ? null : (
          <Segmented aria-label={say("graph.as")} value={as} options={(["graph", "list"] as const).map((value) => ({ value, label: say(`graph_as.${value}`) }))} onChange={setAs} />
        )}
        <span className="faint">{say("graph.shown", { shown: graph.nodes.length, count: graph.total })}</span>
        {graph.total > graph.nodes.length ? (
          <Button size="small" onClick={() => setLimit(limit + step)}>
            {say("lineage.more", { count: Math.min(step, graph.total - graph.nodes.length) })}
          </Button>
        ) : null}
      </div>
      <div className="graph-halves">
        {as === "graph" ? (
          <Suspense fallback={<SkeletonRows count={6} />}>
            <GraphCanvas graph={graph} chosen={link} onChoose={setLink} />
          </Suspense>
        ) : (
          <Links graph={graph} chosen={link} onChoose={setLink} />
        )}
        <aside className="graph-side" aria-live="polite">
          {link ? <Chosen key={`${link.node_a}-${link.node_b}`} id={id} lineage={lineage} link={link} onCut={onClose} /> : <p className="soft">{say("graph.pick")}</p>}
        </aside>
      </div>
    </Modal>
  );
}

export function useLinkText(nodes: LineageNode[]) {
  const { say } = useCustomerText();
  const { textOf } = useIdentifierText();
  const { sourceOf, wordsOf } = useNodeText();
  const nodeOf = (id: string) => nodes.find((node) => node.id === id);
  const nameOf = (id: string) => {
    const node = nodeOf(id);
    return node ? `${sourceOf(node)}: ${wordsOf(node)}` : "";
  };
  const evidenceOf = (link: LineageLink): string => (link.identifier ? textOf(link.identifier) : say(link.rule === "edits" ? "lineage.by_edits" : "lineage.by_hand"));
  return { nodeOf, nameOf, evidenceOf };
}

function Links({ graph, chosen, onChoose }: { graph: Graph; chosen: LineageLink | null; onChoose: (link: LineageLink) => void }) {
  const { say } = useCustomerText();
  const { nameOf, evidenceOf } = useLinkText(graph.nodes);
  return (
    <ul className="graph-links" aria-label={say("graph.links")}>
      {graph.links.map((link) => (
        <li key={`${link.node_a}-${link.node_b}`}>
          <button type="button" className="graph-link" aria-pressed={chosen === link} onClick={() => onChoose(link)}>
            <span>{nameOf(link.node_a)}</span>
            <span className="evidence">{evidenceOf(link)}</span>
            <span>{nameOf(link.node_b)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Chosen({ id, lineage, link, onCut }: { id: string; lineage: Lineage; link: LineageLink; onCut: () => void }) {
  const { say } = useCustomerText();
  const { nameOf, evidenceOf } = useLinkText(lineage.nodes);
  const mayEdit = useMay("editor");
  const [isCutting, setCutting] = useState(false);
  const typed = new Set(lineage.nodes.filter(isTyped).map((node) => node.id));
  const isTypedLink = typed.has(link.node_a) || typed.has(link.node_b);
  const going = farSideOf(lineage, link).filter((node) => !typed.has(node));
  return (
    <>
      <h3>{say("graph.why")}</h3>
      <p>{nameOf(link.node_a)}</p>
      <ul className="graph-evidence">
        {linksBetween(lineage, link).map((one) => (
          <li key={`${one.rule}${one.at}${evidenceOf(one)}`}>
            {one.identifier ? say(one.rule === "alias" ? "why.alias" : "why.shares", { evidence: evidenceOf(one) }) : <ByHand id={id} link={one} />}
            <small className="faint">
              <ExactTime at={one.at} />
              {one.identifier ? ` · ${say("why.rules", { version: one.rule_version })}` : null}
            </small>
          </li>
        ))}
      </ul>
      <p>{nameOf(link.node_b)}</p>
      {mayEdit && !isTypedLink && !isCutting ? (
        <Button danger disabled={going.length === 0} onClick={() => setCutting(true)}>
          {say("graph.cut")}
        </Button>
      ) : null}
      {going.length === 0 && !isTypedLink ? <p className="soft">{say("graph.held")}</p> : null}
      {isCutting ? <Cut id={id} going={going} onCut={onCut} onCancel={() => setCutting(false)} /> : null}
    </>
  );
}

function Cut({ id, going, onCut, onCancel }: { id: string; going: string[]; onCut: () => void; onCancel: () => void }) {
  const { say } = useCustomerText();
  const { tell } = useTell();
  const [reason, setReason] = useState("");
  const cut = useAct(async () => {
    const outcome = await post<DecisionOutcome>(unmergePath(id), { nodes: going, ...(reason.trim() ? { reason: reason.trim() } : {}) });
    onCut();
    tell(outcome, say("unmerge.done", { count: going.length }), say("unmerge.undone"));
  });
  return (
    <>
      <FormFailure failure={cut.failure} />
      <Becomes id={id} going={going} otherwise="" />
      <Input aria-label={say("unmerge.reason")} placeholder={say("unmerge.reason")} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      <div className="graph-acts">
        <Button onClick={onCancel}>{say("act.cancel")}</Button>
        <Button type="primary" loading={cut.isBusy} onClick={cut.run}>
          {say("unmerge.do")}
        </Button>
      </div>
    </>
  );
}
