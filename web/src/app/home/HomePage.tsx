import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useLive } from "../../api/live";
import { figures, rowsOf, usePages } from "../../api/queries";
import { useMay, useSession } from "../../api/session";
import type { Customer } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Chips, KeyFigure, Money, PageHeader, Panel, RelativeTime } from "../../design/pieces";
import { Answer, Bone, SkeletonRows, Waiting } from "../../design/states";
import { BackupHint } from "../../features/backup/BackupHint";
import { ImportState } from "../../features/import/ImportState";
import { useImports } from "../../features/import/use_imports";
import { useAppText } from "../texts";
import { Arrivals } from "./Arrivals";
import { Attention } from "./Attention";
import { FirstSteps } from "./FirstSteps";
import { Growth } from "./Growth";
import { isKnown, keepShown, readShown, type Shown } from "./newest";
import { People, Recent } from "./Recent";
import { SourcesNow } from "./Sources";
import "./home.css";
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
        <div className="stack">
          <Growth />
          <Recent />
          <Newest />
        </div>
        <div className="stack">
          <Attention />
          <Arrivals />
          <SourcesNow />
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

// Most who visit a site say nothing of who they are: they are shown where somebody wants them.
function Newest() {
  const { say } = useAppText();
  const { user } = useSession();
  const [shown, setShown] = useState(() => readShown(user.id));
  const pages = usePages<Customer>("/api/v1/customers", { sort: "-first_seen_at", filter: shown === "known" ? JSON.stringify(isKnown) : undefined }, { limit: 8 });
  useLive(() => void pages.refetch());
  const show = (wanted: Shown) => {
    setShown(wanted);
    keepShown(user.id, wanted);
  };
  const all = (
    <Link to="/customers" search={{}}>
      {say("home.see_all")}
    </Link>
  );
  return (
    <Panel title={say("home.newest")} extra={all}>
      <Answer query={pages} skeleton={<SkeletonRows count={6} hasFace />}>
        {() => (
          <>
            <div className="newest-shown">
              <Chips
                label={say("home.newest_shown")}
                value={shown}
                options={[
                  { value: "known", label: say("home.newest_known") },
                  { value: "all", label: say("home.newest_all") },
                ]}
                onChange={(value) => show(value ?? "known")}
              />
            </div>
            {pages.items.length === 0 ? <p className="soft">{say(shown === "known" ? "home.no_known" : "home.no_customers")}</p> : <People customers={pages.items.slice(0, 8)} by="first_seen_at" />}
          </>
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
