import { CheckCircleOutlined, ClockCircleOutlined, CustomerServiceOutlined } from "../../design/icons";
import { usePages } from "../../api/queries";
import type { Ticket } from "../../api/types";
import { DataTable, MoreRows } from "../../design/DataTable";
import { Badge, ExactTime, Stars } from "../../design/pieces";
import { SourceLink } from "../../design/SourceLink";
import { ExportButton } from "../extract/ExportButton";
import { ofCustomer } from "../extract/extract";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useTicketText } from "./texts";

export function TicketList({ customer }: { customer: string }) {
  const { say } = useTicketText();
  const pages = usePages<Ticket>("/api/v1/tickets", { customer, sort: "-time" });
  return (
    <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
      {() =>
        pages.items.length === 0 ? (
          <EmptyState icon={<CustomerServiceOutlined />} title={say("empty")} text={say("empty_text")} />
        ) : (
          <>
            <div className="list-acts">
              <ExportButton question={{ object: "ticket", filter: ofCustomer(customer), sort: "-time" }} />
            </div>
            <DataTable
              label={say("title")}
              rows={pages.items}
              rowKey={(ticket) => ticket.id}
              columns={[
                { key: "subject", title: say("subject"), isMain: true, cell: (ticket) => <Subject ticket={ticket} /> },
                { key: "status", title: say("status"), cell: (ticket) => <Status status={ticket.status ?? null} /> },
                { key: "rating", title: say("rating"), cell: (ticket) => (Number(ticket.rating) > 0 ? <Stars count={Number(ticket.rating)} /> : <span className="faint">{say("unrated")}</span>) },
                { key: "time", title: say("time"), align: "right", cell: (ticket) => (ticket.time ? <ExactTime at={ticket.time} /> : null) },
              ]}
            />
            <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
          </>
        )
      }
    </Answer>
  );
}

const Subject = ({ ticket: { subject, number, source } }: { ticket: Ticket }) => {
  const { say } = useTicketText();
  return (
    <>
      <b>{subject ?? say("no_subject")}</b>
      <br />
      <small className="soft">
        <span className="tabular">{number}</span> · <SourceLink name={source} />
      </small>
    </>
  );
};

// The words come from the help desk as they are; only "closed" is worth a colour.
function Status({ status }: { status: string | null }) {
  if (!status) return null;
  const isDone = /closed|solved|resolved|已解决|已关闭/i.test(status);
  return (
    <Badge mood={isDone ? "good" : "plain"} icon={isDone ? <CheckCircleOutlined /> : <ClockCircleOutlined />}>
      {status}
    </Badge>
  );
}
