import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useState } from "react";
import { get } from "../../api/client";
import type { LineageLink, LineageNode, Lineage as Shape } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { ExactTime, Panel } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { Answer, SkeletonRows } from "../../design/states";
import { useFields } from "./GoldenRecord";
import { piecesOf, type Piece } from "./made_of";
import { useIdentifierText } from "./naming";
import { useCustomerText } from "./texts";

const step = 6;

export function Lineage({ id }: { id: string }) {
  const { say } = useCustomerText();
  const query = useQuery({
    queryKey: ["customer", id, "lineage"],
    queryFn: ({ signal }) => get<Shape>(`/api/v1/customers/${encodeURIComponent(id)}/lineage`, {}, signal),
  });
  const count = query.data?.nodes.length;
  return (
    <Panel title={say("lineage")} extra={count === undefined ? null : say("lineage.count", { count })}>
      <Answer query={query} skeleton={<SkeletonRows count={3} />}>
        {() => <Pieces pieces={piecesOf(query.data!)} />}
      </Answer>
    </Panel>
  );
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  const { say } = useCustomerText();
  const [limit, setLimit] = useState(step);
  return (
    <>
      {pieces.length === 1 ? <p className="soft lineage-single">{say("lineage.single")}</p> : null}
      <ol className="lineage">
        {pieces.slice(0, limit).map((piece) => (
          <li key={piece.node.id} style={{ marginInlineStart: Math.min(piece.depth, 4) * 14 }} data-joined={piece.depth > 0 || undefined} data-followed={piece.isFollowed || undefined}>
            {piece.by.length > 0 ? <Evidence links={piece.by} /> : null}
            <Node node={piece.node} />
          </li>
        ))}
      </ol>
      {pieces.length > limit ? (
        <Button type="text" size="small" onClick={() => setLimit(limit + 30)}>
          {say("lineage.more", { count: Math.min(pieces.length - limit, 30) })}
        </Button>
      ) : null}
    </>
  );
}

function Evidence({ links }: { links: LineageLink[] }) {
  const { say, sayCode } = useCustomerText();
  const { textOf } = useIdentifierText();
  const format = useFormat();
  const identifiers = [...new Set(links.flatMap((link) => (link.identifier ? [textOf(link.identifier)] : [])))];
  const rule = links[0]!.rule;
  if (identifiers.length > 0) return <div className="evidence">{say(rule === "alias" ? "lineage.by_alias" : "lineage.by", { evidence: ` ${format.value(identifiers)} ` }).replace(/\s+/g, " ").trim()}</div>;
  return <div className="evidence">{rule === "manual" ? say("lineage.by_hand") : say("lineage.by_rule", { rule: sayCode("lineage_rule", rule) })}</div>;
}

function Node({ node }: { node: LineageNode }) {
  const { say } = useCustomerText();
  const { textOf } = useIdentifierText();
  const isPhone = useIsPhone();
  const words = node.identifiers.map(textOf).join(" · ");
  return (
    <Popover trigger={["hover", "focus", "click"]} placement={isPhone ? "bottomLeft" : "left"} mouseEnterDelay={0.25} title={say("lineage.facts")} content={<Facts node={node} />}>
      <button type="button" className="node">
        <b>{node.source}</b>
        <span className="clip">{words || node.subject_key}</span>
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
