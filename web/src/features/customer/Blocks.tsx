// The parts that a layout places, each by its name.
import type { ReactNode } from "react";
import type { CustomerPage as Whole } from "../../api/types";
import { Notes } from "../note/Notes";
import { OrderList } from "../order/OrderList";
import { TicketList } from "../ticket/TicketList";
import { Decisions } from "./Decisions";
import { GoldenRecord } from "./GoldenRecord";
import { Identifiers } from "./Identifiers";
import { Interests } from "./Interests";
import type { Block } from "./layout";
import { Lineage } from "./Lineage";
import { Members } from "./Members";
import { Memberships } from "./Memberships";
import { OwnOnly } from "./OwnOnly";
import { Timeline } from "./Timeline";

const blocks: Record<Block, (customer: Whole) => ReactNode> = {
  record: (customer) => <GoldenRecord customer={customer} />,
  timeline: ({ id, kind }) => <Timeline id={id} hasMembers={kind !== "person"} />,
  members: (customer) => <Members customer={customer} />,
  orders: ({ id, kind }) => (
    <>
      {kind === "person" ? null : <OwnOnly event="order" />}
      <OrderList customer={id} />
    </>
  ),
  tickets: ({ id, kind }) => (
    <>
      {kind === "person" ? null : <OwnOnly event="ticket" />}
      <TicketList customer={id} />
    </>
  ),
  notes: ({ id }) => <Notes customer={id} />,
  interests: ({ id }) => <Interests id={id} />,
  identifiers: (customer) => <Identifiers customer={customer} />,
  memberships: (customer) => <Memberships customer={customer} />,
  lineage: ({ id }) => <Lineage id={id} />,
  decisions: ({ id }) => <Decisions id={id} />,
};

export const Blocks = ({ of, customer }: { of: Block[]; customer: Whole }) => of.map((block) => <Placed key={block} block={block} customer={customer} />);
const Placed = ({ block, customer }: { block: Block; customer: Whole }) => blocks[block](customer);
