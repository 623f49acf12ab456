import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useLive } from "../../api/live";
import { useSession } from "../../api/session";
import type { CustomerPage as Whole } from "../../api/types";
import { ArrowLeftOutlined, MergeCellsOutlined, StopOutlined } from "../../design/icons";
import { useIsPhone } from "../../design/screen";
import { Answer, Bone, ThinBar, Waiting } from "../../design/states";
import { Activity } from "./Activity";
import { customerQuery } from "./ahead";
import { Blocks } from "./Blocks";
import { CustomerHeader } from "./CustomerHeader";
import { lastList } from "./last_list";
import { layouts } from "./layout";
import { useCustomerName } from "../naming/naming";
import { useCustomerText } from "./texts";
import "./list.css";
import "./customer.css";
import "./edit.css";
import "./members.css";
import "./page.css";

export function CustomerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { say } = useCustomerText();
  const client = useQueryClient();
  const { user } = useSession();
  const query = useQuery(customerQuery(id));
  useLive(() => {
    void client.invalidateQueries({ queryKey: ["customer", id] });
    void client.invalidateQueries({ queryKey: [`/api/v1/customers/${id}/memberships`] });
    void client.invalidateQueries({ queryKey: [`/api/v1/customers/${id}/with_members`] });
    void client.invalidateQueries({ predicate: ({ queryKey: [path, words] }) => ["/api/v1/orders", "/api/v1/tickets"].includes(String(path)) && (words as { customer?: string })?.customer === id });
  });
  return (
    <div className="page customer-page">
      <ThinBar isOn={query.isFetching && query.data !== undefined} />
      <Link to="/customers" search={lastList(user.id)} resetScroll={false} className="back">
        <ArrowLeftOutlined /> {say("back")}
      </Link>
      <Answer query={query} skeleton={<CustomerSkeleton />}>
        {() => <WholeCustomer key={id} customer={query.data!} />}
      </Answer>
    </div>
  );
}

function WholeCustomer({ customer }: { customer: Whole }) {
  const { say } = useCustomerText();
  const { titleOf } = useCustomerName();
  const title = titleOf(customer).text;
  if (customer.state === "merged") {
    return (
      <div className="banner" role="status">
        <MergeCellsOutlined />
        <div>
          <b>{say("merged.title")}</b>
          <p>{say("merged.text")}</p>
        </div>
        {customer.merged_into ? (
          <Link to="/customers/$id" params={{ id: customer.merged_into }} className="button-link button-primary">
            {say("merged.act")}
          </Link>
        ) : null}
      </div>
    );
  }
  if (customer.state === "erased") {
    return (
      <div className="banner" role="status">
        <StopOutlined />
        <div>
          <b>{say("erased.title")}</b>
          <p>{say("erased.text")}</p>
        </div>
      </div>
    );
  }
  if (customer.state === "withdrawn") {
    return (
      <div className="banner" role="status">
        <StopOutlined />
        <div>
          <b>{say("withdrawn.title")}</b>
          <p>{say("withdrawn.text")}</p>
        </div>
      </div>
    );
  }
  return (
    <>
      <title>{`${title} · Onefold`}</title>
      <CustomerHeader customer={customer} />
      <Columns customer={customer} />
    </>
  );
}

function Columns({ customer }: { customer: Whole }) {
  const isPhone = useIsPhone();
  const { left, right } = layouts[customer.kind];
  if (isPhone) return <Activity customer={customer} />;
  return (
    <div className="three-columns">
      <Blocks of={left} customer={customer} />
      <Activity customer={customer} />
      <div className="side">
        <Blocks of={right} customer={customer} />
      </div>
    </div>
  );
}

const CustomerSkeleton = () => (
  <Waiting>
    <div className="panel customer-header">
      <div className="customer-who">
        <Bone width={64} height={64} radius="50%" />
        <div className="customer-words">
          <Bone width={180} height={24} />
          <Bone width={320} />
        </div>
      </div>
    </div>
    <div className="three-columns">
      {[6, 9, 5].map((count) => (
        <div className="panel" key={count}>
          {Array.from({ length: count }, (_, row) => (
            <div className="bone-row" key={row}>
              <Bone width="30%" />
              <Bone width="50%" />
            </div>
          ))}
        </div>
      ))}
    </div>
  </Waiting>
);
