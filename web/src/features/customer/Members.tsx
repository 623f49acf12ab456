// Who belongs to an organisation or a household, as what, and what they did; a person adds, ends and takes out members.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import { request } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Customer, Membership } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { beginOfDay, dayOf } from "../../design/day";
import { FormFailure } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { ApartmentOutlined, PlusOutlined } from "../../design/icons";
import { Avatar, Badge, Money, RelativeTime } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { findCustomers } from "./find";
import { useCustomerName } from "../naming/naming";
import { useCustomerText } from "./texts";
import "./decide.css";
import "./members.css";

const sorts = ["-last_seen_at", "-total_spend", "-order_count", "name"] as const;

const membershipsPath = (id: string) => `/api/v1/customers/${encodeURIComponent(id)}/memberships`;

interface Edited {
  other: string;
  name: string;
  membership?: Membership;
}

// A household's members are called otherwise than an organisation's.
type Kind = Customer["kind"];
type Word = "members" | "members.empty" | "members.empty_text" | "members.add" | "members.add.find" | "members.edit" | "members.role" | "members.decision_maker" | "members.remove" | "members.saved" | "members.removed";
function useMemberText(kind: Kind) {
  const { say } = useCustomerText();
  return (word: Word, values?: { name: string }) => say(kind === "household" ? `household.${word}` : word, values);
}

export function Members({ customer }: { customer: Customer }) {
  const { say } = useCustomerText();
  const word = useMemberText(customer.kind);
  const mayEdit = useMay("editor");
  const [words, change] = useWords();
  const sort = sorts.find((one) => one === words.members) ?? sorts[0];
  const pages = usePages<Membership>(membershipsPath(customer.id), { sort });
  const [isFinding, setFinding] = useState(false);
  const [edited, setEdited] = useState<Edited | null>(null);
  const nameOf = (one: Membership) => one.name ?? say("unnamed");
  return (
    <>
      <div className="members-bar">
        <Select
          size="small"
          aria-label={say("members.sort")}
          value={sort}
          popupMatchSelectWidth={160}
          options={sorts.map((one) => ({ value: one, label: say(`member_sort.${one}`) }))}
          onChange={(next) => change({ members: next === sorts[0] ? null : next }, "replace")}
        />
        {mayEdit ? (
          <Button size="small" icon={<PlusOutlined />} onClick={() => setFinding(true)}>
            {word("members.add")}
          </Button>
        ) : null}
      </div>
      <Answer query={pages} skeleton={<SkeletonRows count={5} hasFace />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<ApartmentOutlined />} title={word("members.empty")} text={word("members.empty_text")} />
          ) : (
            <>
              <DataTable
                label={word("members")}
                rows={pages.items}
                rowKey={(one) => one.customer}
                columns={[
                  { key: "name", title: say("members.name"), isMain: true, cell: (one) => <Name of={customer.kind} membership={one} onEdit={mayEdit ? () => setEdited({ other: one.customer, name: nameOf(one), membership: one }) : null} /> },
                  { key: "role", title: word("members.role"), cell: (one) => (one.role || one.title || one.is_decision_maker ? <As kind={customer.kind} membership={one} /> : "") },
                  { key: "seen", title: say("members.last_seen"), cell: (one) => <RelativeTime at={one.computed.last_seen_at} /> },
                  { key: "orders", title: say("members.orders"), align: "right", cell: (one) => <span className="tabular">{one.computed.order_count}</span> },
                  { key: "spend", title: say("members.spend"), align: "right", cell: (one) => <Money amount={one.computed.total_spend} currency={one.computed.currency} /> },
                ]}
              />
              <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
            </>
          )
        }
      </Answer>
      {isFinding ? (
        <FindMember
          kind={customer.kind}
          onClose={() => setFinding(false)}
          onFound={(other, name) => {
            setFinding(false);
            setEdited({ other, name });
          }}
        />
      ) : null}
      {edited ? <EditMembership id={customer.id} kind={customer.kind} edited={edited} onClose={() => setEdited(null)} /> : null}
    </>
  );
}

function As({ kind, membership: { role, title, is_decision_maker } }: { kind: Kind; membership: Membership }) {
  const word = useMemberText(kind);
  return (
    <span className="member-as">
      {role ? <span>{role}</span> : null}
      {title ? <span className="soft">{title}</span> : null}
      {is_decision_maker ? <Badge mood="accent">{word("members.decision_maker")}</Badge> : null}
    </span>
  );
}

function Name({ of, membership, onEdit }: { of: Kind; membership: Membership; onEdit: (() => void) | null }) {
  const { say } = useCustomerText();
  const word = useMemberText(of);
  const format = useFormat();
  const { customer, name, kind, valid_to, is_by_hand } = membership;
  const notes = [valid_to ? say("members.ended", { day: format.instant(valid_to, "day") }) : "", is_by_hand ? say("members.by_hand") : ""].filter(Boolean);
  return (
    <span className="member-name">
      <Link to="/customers/$id" params={{ id: customer }} className="membership">
        <Avatar name={name ?? null} seed={customer} kind={kind} size={28} />
        <span className="membership-words">
          <b className="clip">{name ?? say("unnamed")}</b>
          {notes.length > 0 ? <small className="faint">{notes.join(" · ")}</small> : null}
        </span>
      </Link>
      {onEdit ? (
        <Button type="text" size="small" aria-label={word("members.edit", { name: name ?? say("unnamed") })} onClick={onEdit}>
          …
        </Button>
      ) : null}
    </span>
  );
}

function FindMember({ kind, onFound, onClose }: { kind: Kind; onFound: (id: string, name: string) => void; onClose: () => void }) {
  const { say } = useCustomerText();
  const word = useMemberText(kind);
  const { titleOf } = useCustomerName();
  const [text, setText] = useState("");
  const query = useQuery({ queryKey: ["merge-find", text], queryFn: ({ signal }) => findCustomers(text, signal), enabled: text !== "" });
  const people = (query.data ?? []).filter((found) => found.kind === "person");
  return (
    <Modal open title={word("members.add")} width={560} onCancel={onClose} footer={<Button onClick={onClose}>{say("act.cancel")}</Button>}>
      <div className="find-other">
        <SearchInput label={word("members.add.find")} placeholder={say("search.placeholder")} value={text} onChange={setText} autoFocus />
        {text === "" ? null : (
          <Answer query={query} skeleton={<SkeletonRows count={3} hasFace />}>
            {() => (
              <ul className="found" aria-label={word("members.add.find")}>
                {people.length === 0 ? <li className="soft">{say("merge.none")}</li> : null}
                {people.map((found) => (
                  <li key={found.id}>
                    <button type="button" className="found-one" onClick={() => onFound(found.id, titleOf(found).text)}>
                      <Avatar name={titleOf(found).isName ? titleOf(found).text : null} seed={found.id} kind={found.kind} size={36} />
                      <b>{titleOf(found).text}</b>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </Answer>
        )}
      </div>
    </Modal>
  );
}

function EditMembership({ id, kind, edited, onClose }: { id: string; kind: Kind; edited: Edited; onClose: () => void }) {
  const { say } = useCustomerText();
  const word = useMemberText(kind);
  const { zone } = useFormat();
  const client = useQueryClient();
  const toast = useToast();
  const known = edited.membership;
  const dayIn = (at: string | null | undefined) => (at ? dayOf(Date.parse(at), zone) : "");
  const [role, setRole] = useState(known?.role ?? "");
  const [title, setTitle] = useState(known?.title ?? "");
  const [isDecisionMaker, setDecisionMaker] = useState(known?.is_decision_maker ?? false);
  const [from, setFrom] = useState(known?.is_dated ? dayIn(known.valid_from) : "");
  const [to, setTo] = useState(dayIn(known?.valid_to));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const path = `${membershipsPath(id)}/${encodeURIComponent(edited.other)}`;
  const send = async (method: "PUT" | "DELETE", body: unknown, done: string) => {
    setBusy(true);
    setFailure(null);
    try {
      await request(method, path, { body });
      void client.invalidateQueries();
      toast.done(done);
      onClose();
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  const save = () =>
    send(
      "PUT",
      {
        ...(role.trim() ? { role: role.trim() } : {}),
        ...(title.trim() ? { title: title.trim() } : {}),
        is_decision_maker: isDecisionMaker,
        ...(from ? { valid_from: beginOfDay(from, zone) } : {}),
        ...(to ? { valid_to: beginOfDay(to, zone) } : {}),
      },
      word("members.saved"),
    );
  return (
    <Modal
      open
      title={known ? word("members.edit", { name: edited.name }) : edited.name}
      width={480}
      onCancel={onClose}
      footer={
        <>
          {known ? (
            <Button danger disabled={isBusy} onClick={() => void send("DELETE", undefined, word("members.removed"))}>
              {word("members.remove")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{say("act.cancel")}</Button>
          <Button type="primary" loading={isBusy} onClick={() => void save()}>
            {say("members.save")}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      <div className="membership-form">
        <label>
          {word("members.role")}
          <Input value={role} maxLength={100} onChange={({ target }) => setRole(target.value)} />
        </label>
        {kind === "household" ? null : (
          <label>
            {say("members.title")}
            <Input value={title} maxLength={100} onChange={({ target }) => setTitle(target.value)} />
          </label>
        )}
        <Checkbox checked={isDecisionMaker} onChange={({ target }) => setDecisionMaker(target.checked)}>
          {word("members.decision_maker")}
        </Checkbox>
        <label>
          {say("members.from")}
          <Input type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
        </label>
        <label>
          {say("members.to")}
          <Input type="date" value={to} onChange={({ target }) => setTo(target.value)} />
        </label>
      </div>
    </Modal>
  );
}
