// The drawing: records as boxes, evidence on the lines between them. For eyes and pointers; the list beside it is for keys.
import dagre from "@dagrejs/dagre";
import { Handle, MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { Button } from "antd";
import { useMemo } from "react";
import type { LineageLink, LineageNode } from "../../api/types";
import { ExactTime } from "../../design/pieces";
import type { Graph } from "./graph";
import { useLinkText } from "./IdentityGraph";
import { useNodeText } from "./node_text";
import { useCustomerText } from "./texts";

const size = { width: 210, height: 62 };
// What is shown at first can be read: the first record and those that are linked to it. "Fit" shows all of it.
const readable = { minZoom: 0.85, maxZoom: 1, padding: 0.05 };
const whole = { maxZoom: 1, padding: 0.1 };
type Box = Node<{ record: LineageNode }, "record">;

// From the first record to the right, each behind the one that it was joined to.
function placesOf(graph: Graph): Map<string, { x: number; y: number }> {
  const layout = new dagre.graphlib.Graph();
  layout.setGraph({ rankdir: "LR", ranksep: 190, nodesep: 24 });
  layout.setDefaultEdgeLabel(() => ({}));
  const order = new Map(graph.nodes.map((node, at) => [node.id, at]));
  for (const node of graph.nodes) layout.setNode(node.id, { ...size });
  for (const link of graph.links) {
    const [from, to] = [link.node_a, link.node_b].toSorted((a, b) => order.get(a)! - order.get(b)!);
    layout.setEdge(from!, to!);
  }
  dagre.layout(layout);
  return new Map(
    graph.nodes.map((node) => {
      const { x, y } = layout.node(node.id) as { x: number; y: number };
      return [node.id, { x: x - size.width / 2, y: y - size.height / 2 }];
    }),
  );
}

function Record({ data }: NodeProps<Box>) {
  const { sourceOf, wordsOf } = useNodeText();
  const { record } = data;
  return (
    <div className="graph-node" style={size}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <b className="clip">{sourceOf(record)}</b>
      <span className="clip" title={wordsOf(record)}>
        {wordsOf(record)}
      </span>
      {record.first_at ? (
        <small className="faint">
          <ExactTime at={record.first_at} as="day" />
        </small>
      ) : null}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

const kinds = { record: Record };

interface Props {
  graph: Graph;
  chosen: LineageLink | null;
  onChoose: (link: LineageLink) => void;
}

export default function GraphCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, chosen, onChoose }: Props) {
  const { say } = useCustomerText();
  const { evidenceOf } = useLinkText(graph.nodes);
  const places = useMemo(() => placesOf(graph), [graph]);
  const order = new Map(graph.nodes.map((node, at) => [node.id, at]));
  const first = graph.nodes[0]!.id;
  const near = graph.links.filter(({ node_a, node_b }) => node_a === first || node_b === first).flatMap(({ node_a, node_b }) => [{ id: node_a }, { id: node_b }]);
  const nodes: Box[] = graph.nodes.map((record) => ({ id: record.id, type: "record", position: places.get(record.id)!, data: { record }, ...size }));
  const edges: Edge[] = graph.links.map((link) => {
    const [source, target] = [link.node_a, link.node_b].toSorted((a, b) => order.get(a)! - order.get(b)!);
    const isChosen = chosen !== null && link.node_a === chosen.node_a && link.node_b === chosen.node_b;
    return { id: `${link.node_a}-${link.node_b}`, source: source!, target: target!, label: evidenceOf(link), className: isChosen ? "graph-edge-chosen" : "", markerEnd: { type: MarkerType.Arrow }, interactionWidth: 24 };
  });
  return (
    <div className="graph-canvas" role="img" aria-label={say("graph.title")}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={kinds}
        onEdgeClick={(_, edge) => onChoose(graph.links.find((link) => `${link.node_a}-${link.node_b}` === edge.id)!)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={graph.nodes.length > 100}
        minZoom={0.05}
        maxZoom={2}
        fitView
        fitViewOptions={{ ...readable, nodes: near }}
      />
      <Zoom />
    </div>
  );
}

function Zoom() {
  const { say } = useCustomerText();
  const flow = useReactFlow();
  return (
    <div className="graph-zoom">
      <Button size="small" aria-label={say("graph.zoom_in")} onClick={() => void flow.zoomIn()}>
        +
      </Button>
      <Button size="small" aria-label={say("graph.zoom_out")} onClick={() => void flow.zoomOut()}>
        −
      </Button>
      <Button size="small" onClick={() => void flow.fitView(whole)}>
        {say("graph.fit")}
      </Button>
    </div>
  );
}
