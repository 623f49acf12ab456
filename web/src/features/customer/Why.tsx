// "Why are these one?": the shortest chain of evidence between two records, to read.
import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import type { Decision, LineageLink, LineageNode, Page, Why as Shape } from "../../api/types";
import { ExactTime } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useIdentifierText } from "../naming/naming";
import { useNodeText } from "./node_text";
import { useCustomerText } from "./texts";
import { decisionsPath, useWho, whyPath } from "./use_decisions";
import "./decide.css";

export function Why({ id, nodes, from, to, onClose }: { id: string; nodes: LineageNode[]; from: string; to: string; onClose: () => void }) {
  const { say } = useCustomerText();
  const [a, setA] = useState(from);
  const [b, setB] = useState(to);
  const query = useQuery({
    queryKey: ["customer", id, "why", a, b],
    queryFn: ({ signal }) => get<Shape>(whyPath(id), { node_a: a, node_b: b }, signal),
    enabled: a !== b,
  });
  return (
    <Modal open title={say("why.title")} width={600} onCancel={onClose} footer={null}>
      <div className="why-ends">
        <End label={say("why.from")} nodes={nodes} value={a} onChange={setA} />
        <End label={say("why.to")} nodes={nodes} value={b} onChange={setB} />
      </div>
      {a === b ? (
        <p className="soft">{say("why.same")}</p>
      ) : (
        <Answer query={query} skeleton={<SkeletonRows count={3} />}>
          {() => <Chain id={id} nodes={nodes} start={a} links={query.data!.links} />}
        </Answer>
      )}
    </Modal>
  );
}

function End({ label, nodes, value, onChange }: { label: string; nodes: LineageNode[]; value: string; onChange: (node: string) => void }) {
  const { sourceOf, wordsOf } = useNodeText();
  return (
    <div className="why-end">
      <span className="faint" aria-hidden="true">
        {label}
      </span>
      <select className="plain-select" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {nodes.map((node) => (
          <option key={node.id} value={node.id}>
            {`${sourceOf(node)}: ${wordsOf(node)}`}
          </option>
        ))}
      </select>
    </div>
  );
}

function Chain({ id, nodes, start, links }: { id: string; nodes: LineageNode[]; start: string; links: LineageLink[] }) {
  const { say } = useCustomerText();
  if (links.length === 0) return <p className="soft">{say("why.none")}</p>;
  const find = (node: string) => nodes.find((one) => one.id === node);
  return (
    <ol className="chain">
      <Stop node={find(start)} />
      {links.map((link) => (
        <Step key={link.node_b} id={id} link={link} node={find(link.node_b)} />
      ))}
    </ol>
  );
}

function Stop({ node }: { node: LineageNode | undefined }) {
  const { sourceOf, wordsOf } = useNodeText();
  if (!node) return null;
  return (
    <li className="chain-node">
      <b>{sourceOf(node)}</b> <span className="soft">{wordsOf(node)}</span>
    </li>
  );
}

function Step({ id, link, node }: { id: string; link: LineageLink; node: LineageNode | undefined }) {
  const { say } = useCustomerText();
  const { textOf } = useIdentifierText();
  const evidence = link.identifier ? ` ${textOf(link.identifier)} ` : "";
  const isByHand = link.rule === "manual" || link.rule === "edits";
  return (
    <>
      <li className="chain-step">
        {isByHand ? <ByHand id={id} link={link} /> : say(link.rule === "alias" ? "why.alias" : "why.shares", { evidence }).replace(/\s+/g, " ").trim()}
        <small className="faint">
          <ExactTime at={link.at} />
          {isByHand ? null : ` · ${say("why.rules", { version: link.rule_version })}`}
        </small>
      </li>
      <Stop node={node} />
    </>
  );
}

export function ByHand({ id, link }: { id: string; link: LineageLink }) {
  const { say } = useCustomerText();
  const who = useWho();
  const query = useQuery({ queryKey: [decisionsPath(id), "newest"], queryFn: ({ signal }) => get<Page<Decision>>(decisionsPath(id), { limit: 200 }, signal) });
  const decision = query.data?.items.find((one) => one.id === link.decision);
  if (link.rule === "edits") return <>{say("lineage.by_edits")}</>;
  return <>{decision ? say("why.hand", { who: who(decision.by, decision.by_name) }) : say("why.hand_nobody")}</>;
}
