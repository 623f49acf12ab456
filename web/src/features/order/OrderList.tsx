import { ShoppingOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { usePages } from "../../api/queries";
import type { Order, OrderLine, OrderWithLines } from "../../api/types";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { Badge, ExactTime, Money } from "../../design/pieces";
import { SourceLink } from "../../design/SourceLink";
import { ExportButton } from "../extract/ExportButton";
import { ofCustomer } from "../extract/extract";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useOrderText } from "./texts";

export function OrderList({ customer }: { customer: string }) {
  const { say } = useOrderText();
  const format = useFormat();
  const pages = usePages<Order>("/api/v1/orders", { customer, sort: "-time" });
  return (
    <Answer query={pages} skeleton={<SkeletonRows count={6} />}>
      {() =>
        pages.items.length === 0 ? (
          <EmptyState icon={<ShoppingOutlined />} title={say("empty")} text={say("empty_text")} />
        ) : (
          <>
            <div className="list-acts">
              <ExportButton question={{ object: "order", filter: ofCustomer(customer), sort: "-time" }} />
            </div>
            <DataTable
              label={say("title")}
              rows={pages.items}
              rowKey={(order) => order.id}
              rowName={(order) => order.number}
              columns={[
                { key: "number", title: say("number"), isMain: true, cell: (order) => <Number order={order} /> },
                { key: "time", title: say("time"), cell: (order) => <ExactTime at={order.time} /> },
                { key: "source", title: say("source"), cell: (order) => <SourceLink name={order.source} /> },
                { key: "lines", title: say("lines"), align: "right", cell: (order) => <span className="tabular">{format.number(order.line_count)}</span> },
                { key: "total", title: say("total"), align: "right", cell: (order) => <Total order={order} /> },
              ]}
              expanded={(order) => <OrderLines order={order} />}
            />
            <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
          </>
        )
      }
    </Answer>
  );
}

const Number = ({ order }: { order: Order }) => (
  <>
    <b className="tabular">{order.number}</b> <Status order={order} />
  </>
);

// The words that events give; those of files stand as they came.
function Status({ order }: { order: Order }) {
  const { sayCode } = useOrderText();
  const { status } = order;
  if (!status) return null;
  const mood = order.is_cancelled ? "bad" : order.refunded !== "0" ? "warn" : "plain";
  return <Badge mood={mood}>{sayCode("status", status)}</Badge>;
}

// What is left of it stands below, where something went back.
function Total({ order }: { order: Order }) {
  const { say } = useOrderText();
  const format = useFormat();
  if (order.is_cancelled) {
    return (
      <s className="faint">
        <Money amount={order.total} currency={order.currency} />
      </s>
    );
  }
  return (
    <>
      <Money amount={order.total} currency={order.currency} />
      {order.refunded === "0" ? null : <div className="faint"><small>{say("refunded", { amount: format.money(order.refunded, order.currency) })}</small></div>}
    </>
  );
}

export function OrderLines({ order }: { order: Pick<Order, "id" | "number" | "currency" | "line_count"> }) {
  const { say } = useOrderText();
  const format = useFormat();
  const query = useQuery({
    queryKey: ["order", order.id],
    queryFn: ({ signal }) => get<OrderWithLines>(`/api/v1/orders/${order.id}`, {}, signal),
  });
  return (
    <Answer query={query} skeleton={<SkeletonRows count={Math.min(order.line_count, 4)} />}>
      {() => (
        <DataTable<OrderLine>
          label={say("lines_of", { number: order.number })}
          rows={query.data!.lines}
          rowKey={(line) => String(query.data!.lines.indexOf(line))}
          columns={[
            { key: "sku", title: say("sku"), cell: (line) => <code>{line.sku}</code> },
            { key: "name", title: say("name"), isMain: true, cell: (line) => line.name ?? line.sku },
            { key: "quantity", title: say("quantity"), align: "right", cell: (line) => <span className="tabular">{format.number(line.quantity)}</span> },
            { key: "price", title: say("price"), align: "right", cell: (line) => (line.price === null ? "" : <Money amount={line.price} currency={order.currency} />) },
            { key: "amount", title: say("amount"), align: "right", cell: (line) => <Money amount={line.amount} currency={order.currency} /> },
          ]}
        />
      )}
    </Answer>
  );
}
