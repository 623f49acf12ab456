import { CheckCircleFilled } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useLive } from "../../api/live";
import { figures, rowsOf, usePages } from "../../api/queries";
import { useMay, useSession } from "../../api/session";
import type { Customer, Source } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar, CodeBlock, KeyFigure, Money, PageHeader, Panel, RelativeTime } from "../../design/pieces";
import { Answer, Bone, SkeletonRows, Waiting } from "../../design/states";
import { BackupHint } from "../../features/backup/BackupHint";
import { useCustomerName } from "../../features/customer/naming";
import { Spend } from "../../features/customer/Spend";
import { ImportState } from "../../features/import/ImportState";
import { useImports } from "../../features/import/use_imports";
import { importCommand } from "../../features/source/ways";
import { useAppText } from "../texts";
import { Arrivals } from "./Arrivals";
import { salesOf, type Sum } from "./sales";

const othersShown = 3;

interface Figures {
  customers: number;
  orders: number;
  sales: Sum[];
  tickets: number;
}

async function readFigures(signal: AbortSignal): Promise<Figures> {
  const count = { path: "id", aggregate: "count" } as const;
  const [customers, orders, tickets] = await Promise.all([
    figures("customer", [count], signal),
    rowsOf({ object: "order", select: [{ path: "currency" }, { path: "total", aggregate: "sum" }, count], group: ["currency"], limit: 1000 }, signal),
    figures("ticket", [count], signal),
  ]);
  return {
    customers: Number(customers[0] ?? 0),
    orders: orders.reduce((sum, row) => sum + Number(row[2]), 0),
    sales: salesOf(orders),
    tickets: Number(tickets[0] ?? 0),
  };
}

export function HomePage() {
  const { say } = useAppText();
  const { user, company } = useSession();
  const query = useQuery({ queryKey: ["figures", "home"], queryFn: ({ signal }) => readFigures(signal) });
  useLive(() => void query.refetch());
  const mayBackUp = useMay("admin");
  const isNew = query.data && query.data.customers === 0 && query.data.orders === 0;
  return (
    <div className="page">
      <PageHeader title={user.name ? say("home.greeting", { name: user.name }) : say("home.greeting_plain")} note={company.name} />
      {mayBackUp ? <BackupHint /> : null}
      <Answer query={query} skeleton={<FigureSkeleton />}>
        {() => (isNew ? <FirstSteps /> : <Overview figures={query.data!} />)}
      </Answer>
    </div>
  );
}

const FigureSkeleton = () => (
  <Waiting>
    <div className="tiles">
      {[0, 1, 2, 3].map((tile) => (
        <div className="panel tile" key={tile}>
          <Bone width="40%" />
          <Bone width="60%" height={28} />
        </div>
      ))}
    </div>
  </Waiting>
);

function Overview({ figures: { customers, orders, tickets, sales } }: { figures: Figures }) {
  const { say } = useAppText();
  const format = useFormat();
  return (
    <>
      <div className="tiles" role="group" aria-label={say("home.figures")}>
        <Link to="/customers" className="panel tile">
          <dl>
            <KeyFigure label={say("home.customers")}>{format.number(customers)}</KeyFigure>
          </dl>
        </Link>
        <dl className="panel tile">
          <KeyFigure label={say("home.orders")}>{format.number(orders)}</KeyFigure>
        </dl>
        <dl className="panel tile">
          <KeyFigure label={say("home.tickets")}>{format.number(tickets)}</KeyFigure>
        </dl>
        <dl className="panel tile">
          <KeyFigure label={say("home.sales")} note={sales.length > 1 ? <Others sales={sales.slice(1)} /> : null}>
            {sales[0] ? <Money amount={sales[0].amount} currency={sales[0].currency} isShort /> : <Money amount="0" />}
          </KeyFigure>
        </dl>
      </div>
      <div className="two-columns">
        <Newest />
        <div className="stack">
          <Arrivals />
          <LastImports />
        </div>
      </div>
    </>
  );
}

// Amounts of different currencies are never added up: they stand beneath each other.
const Others = ({ sales }: { sales: Sum[] }) => (
  <>
    {sales.slice(0, othersShown).map(({ amount, currency }) => (
      <span key={currency} className="other-sum">
        <Money amount={amount} currency={currency} isShort />
      </span>
    ))}
    {sales.length > othersShown ? <span className="other-sum">+{sales.length - othersShown}</span> : null}
  </>
);

function Newest() {
  const { say } = useAppText();
  const { titleOf, subtitleOf } = useCustomerName();
  const pages = usePages<Customer>("/api/v1/customers", { sort: "-first_seen_at" }, { limit: 8 });
  const all = (
    <Link to="/customers" search={{}}>
      {say("home.see_all")}
    </Link>
  );
  return (
    <Panel title={say("home.newest")} extra={all}>
      <Answer query={pages} skeleton={<SkeletonRows count={6} hasFace />}>
        {() => pages.items.length === 0 ? <p className="soft">{say("home.no_customers")}</p> : (
          <ul className="people">
            {pages.items.slice(0, 8).map((customer) => {
              const title = titleOf(customer);
              return (
                <li key={customer.id}>
                  <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={32} />
                  <span className="people-words">
                    <Link to="/customers/$id" params={{ id: customer.id }} className="row-link">
                      {title.text}
                    </Link>
                    <small className="soft clip">{subtitleOf(customer)}</small>
                  </span>
                  <span className="people-end">
                    <Spend computed={customer.computed} />
                    <small className="faint">
                      <RelativeTime at={customer.computed.first_seen_at} />
                    </small>
                  </span>
                </li>
              );
            })}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function LastImports() {
  const { say } = useAppText();
  const format = useFormat();
  const pages = useImports();
  const all = (
    <Link to="/imports" search={{}}>
      {say("home.see_all")}
    </Link>
  );
  return (
    <Panel title={say("home.imports")} extra={all}>
      <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
        {() =>
          pages.items.length === 0 ? (
            <p className="soft">{say("home.no_imports")}</p>
          ) : (
            <ul className="people">
              {pages.items.slice(0, 5).map((one) => (
                <li key={one.id}>
                  <span className="people-words">
                    <Link to="/imports" search={{ import: one.id }} className="row-link">
                      {one.file}
                    </Link>
                    <small className="soft">
                      {one.source} · {format.number(one.counts.read)}
                    </small>
                  </span>
                  <span className="people-end">
                    <ImportState state={one.state} />
                    <small className="faint">
                      <RelativeTime at={one.started_at} />
                    </small>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

function FirstSteps() {
  const { say } = useAppText();
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const imports = useImports();
  const source = sources.items[0];
  const mayCreate = useMay("admin");
  return (
    <Panel title={say("home.begin")} extra={say("home.begin_note")}>
      <ol className="steps">
        <Step title={say("home.step_source")} text={say("home.step_source_text")} isDone={source !== undefined}>
          {mayCreate ? (
            <Link to="/sources" search={{ new: "1" }} className={source ? "button-link" : "button-link button-primary"}>
              {say("home.step_source_act")}
            </Link>
          ) : null}
        </Step>
        <Step title={say("home.step_import")} text={say("home.step_import_text")} isDone={imports.items.some((one) => one.state === "finished")}>
          <CodeBlock text={importCommand(source?.name ?? "shop")} label={say("home.command")} />
          <Link to="/imports" className="button-link">
            {say("home.step_import_act")}
          </Link>
        </Step>
        <Step title={say("home.step_customers")} text={say("home.step_customers_text")} isDone={false}>
          <Link to="/customers" search={{}} className="button-link">
            {say("home.step_customers_act")}
          </Link>
        </Step>
      </ol>
    </Panel>
  );
}

function Step({ title, text, isDone, children }: { title: string; text: string; isDone: boolean; children: ReactNode }) {
  const { say } = useAppText();
  return (
    <li className="step" data-done={isDone || undefined}>
      <div className="step-words">
        <h3>
          {title} {isDone ? <CheckCircleFilled className="good" aria-label={say("home.done")} /> : null}
        </h3>
        <p className="soft">{text}</p>
        <div className="step-acts">{children}</div>
      </div>
    </li>
  );
}
