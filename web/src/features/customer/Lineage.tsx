import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useMemo, useState, type ReactNode } from "react";
import { get } from "../../api/client";
import type { LineageLink, LineageNode, Lineage as Shape } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ExactTime, Panel } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { Answer, SkeletonRows } from "../../design/states";
import { useFields } from "./GoldenRecord";
import { useMay } from "../../api/session";
import { IdentityGraph } from "./IdentityGraph";
import { piecesOf } from "./made_of";
import { useIdentifierText } from "../naming/naming";
import { isTyped, useNodeText } from "./node_text";
import { useCustomerText } from "./texts";
import { Unmerge } from "./Unmerge";
import { Why } from "./Why";

const step = 6;

export function Lineage({ id }: { id: string }) {
  const { say } = useCustomerText();
  const query = useQuery({
    queryKey: ["customer", id, "lineage"],
    queryFn: ({ signal }) => get<Shape>(`/api/v1/customers/${encodeURIComponent(id)}/lineage`, {}, signal),
  });
  const count = query.data?.nodes.filter((node) => !isTyped(node)).length;
  return (
    <Panel title={say("lineage")} extra={count === undefined ? null : say("lineage.count", { count })}>
      <Answer query={query} skeleton={<SkeletonRows count={3} />}>
        {() => <Pieces id={id} lineage={query.data!} />}
      </Answer>
    </Panel>
  );
}

// What is asked of a record: why it is here, or that it goes. Without one, of all of them.
interface Question {
  kind: "why" | "unmerge" | "graph";
  node: string | null;
}

function Pieces({ id, lineage }: { id: string; lineage: Shape }) {
  const { say } = useCustomerText();
  const pieces = useMemo(() => piecesOf(lineage), [lineage]);
  const [limit, setLimit] = useState(step);
  const [question, setQuestion] = useState<Question | null>(null);
  const mayEdit = useMay("editor");
  const nodes = pieces.map((piece) => piece.node);
  const first = nodes[0]?.id ?? "";
  const isJoined = nodes.filter((node) => !isTyped(node)).length > 1;
  const close = () => setQuestion(null);
  return (
    <>
      {pieces.length === 1 ? <p className="soft lineage-single">{say("lineage.single")}</p> : null}
      <ol className="lineage">
        {pieces.slice(0, limit).map((piece) => (
          <li key={piece.node.id} style={{ marginInlineStart: Math.min(piece.depth, 4) * 14 }} data-joined={piece.depth > 0 || undefined} data-followed={piece.isFollowed || undefined}>
            {piece.by.length > 0 ? <Evidence links={piece.by} /> : null}
            <Node node={piece.node}>
              {isJoined && piece.node.id !== first ? (
                <Button size="small" onClick={() => setQuestion({ kind: "why", node: piece.node.id })}>
                  {say("act.why_here")}
                </Button>
              ) : null}
              {isJoined && mayEdit && !isTyped(piece.node) ? (
                <Button size="small" onClick={() => setQuestion({ kind: "unmerge", node: piece.node.id })}>
                  {say("act.unmerge")}
                </Button>
              ) : null}
            </Node>
          </li>
        ))}
      </ol>
      {pieces.length > limit ? (
        <Button type="text" size="small" onClick={() => setLimit(limit + 30)}>
          {say("lineage.more", { count: Math.min(pieces.length - limit, 30) })}
        </Button>
      ) : null}
      {isJoined ? (
        <div className="lineage-acts">
          <Button size="small" onClick={() => setQuestion({ kind: "graph", node: null })}>
            {say("graph")}
          </Button>
          <Button size="small" onClick={() => setQuestion({ kind: "why", node: null })}>
            {say("act.why")}
          </Button>
          {mayEdit ? (
            <Button size="small" onClick={() => setQuestion({ kind: "unmerge", node: null })}>
              {say("act.unmerge")}
            </Button>
          ) : null}
        </div>
      ) : null}
      {question?.kind === "graph" ? <IdentityGraph id={id} lineage={lineage} onClose={close} /> : null}
      {question?.kind === "why" ? <Why id={id} nodes={nodes} from={first} to={question.node ?? nodes.at(-1)!.id} onClose={close} /> : null}
      {question?.kind === "unmerge" ? <Unmerge id={id} nodes={nodes} first={question.node} onClose={close} /> : null}
    </>
  );
}

function Evidence({ links }: { links: LineageLink[] }) {
  const { say, sayCode } = useCustomerText();
  const { textOf } = useIdentifierText();
  const format = useFormat();
  const identifiers = [...new Set(links.flatMap((link) => (link.identifier ? [textOf(link.identifier)] : [])))];
  const rule = links[0]!.rule;
  if (rule === "edits") return <div className="evidence">{say("lineage.by_edits")}</div>;
  if (identifiers.length > 0) return <div className="evidence">{say(rule === "alias" ? "lineage.by_alias" : "lineage.by", { evidence: ` ${format.value(identifiers)} ` }).replace(/\s+/g, " ").trim()}</div>;
  return <div className="evidence">{rule === "manual" ? say("lineage.by_hand") : say("lineage.by_rule", { rule: sayCode("lineage_rule", rule) })}</div>;
}

function Node({ node, children }: { node: LineageNode; children: ReactNode }) {
  const { say } = useCustomerText();
  const { sourceOf, wordsOf } = useNodeText();
  const isPhone = useIsPhone();
  const content = (
    <>
      <Facts node={node} />
      <div className="node-acts">{children}</div>
    </>
  );
  return (
    <Popover trigger={["hover", "focus", "click"]} placement={isPhone ? "bottomLeft" : "left"} mouseEnterDelay={0.25} title={say("lineage.facts")} content={content}>
      <button type="button" className="node">
        <b>{sourceOf(node)}</b>
        <span className="clip">{wordsOf(node)}</span>
        {node.first_at ? (
          <small className="faint">
            {say("lineage.since")} <ExactTime at={node.first_at} as="day" />
          </small>
        ) : null}
      </button>
    </Popover>
  );
}

function Facts({ node }: { node: LineageNode }) {
  const { say } = useCustomerText();
  const { labelOf } = useFields();
  const format = useFormat();
  const facts = Object.entries(node.facts ?? {});
  if (facts.length === 0) return <p className="soft origin">{say("lineage.no_facts")}</p>;
  return (
    <dl className="record origin">
      {facts.map(([code, value]) => (
        <div className="record-row" key={code}>
          <dt>{labelOf(code)}</dt>
          <dd>{format.value(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
