// The policy of who may join whom: types of identifiers, their limits, and types of the company's own.
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../../api/session";
import type { IdentityPolicy, IdentityType } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { ArrowLeftOutlined, LoadingOutlined, PlusOutlined } from "../../design/icons";
import { Badge, PageHeader } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import "./identity.css";
import { useIdentityText } from "./texts";
import { TypeForm } from "./TypeForm";
import { usePolicy } from "./use_policy";

export function TypesPage() {
  const { say } = useIdentityText();
  const query = usePolicy();
  const mayChange = useMay("admin");
  const [editing, edit] = useState<IdentityType | "new" | null>(null);
  return (
    <div className="page">
      <PageHeader title={say("types")} note={say("types.note")}>
        <Link to="/values" className="header-link">
          <ArrowLeftOutlined /> {say("title")}
        </Link>
        {mayChange ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => edit("new")}>
            {say("types.add")}
          </Button>
        ) : null}
      </PageHeader>
      <Answer query={query} skeleton={<SkeletonRows count={8} />}>
        {() => (
          <>
            <Standing policy={query.data!} />
            <Types types={query.data!.types} onEdit={mayChange ? edit : null} />
          </>
        )}
      </Answer>
      {editing && query.data ? <TypeForm type={editing === "new" ? null : editing} version={query.data.version} onClose={() => edit(null)} /> : null}
    </div>
  );
}

function Standing({ policy }: { policy: IdentityPolicy }) {
  const { say } = useIdentityText();
  const format = useFormat();
  return (
    <p className="soft" role="status">
      {policy.at ? say("version.by", { version: policy.version, who: policy.by_name ?? say("who.other"), when: format.instant(policy.at) }) : say("version.shipped")}
      {policy.is_sweeping ? (
        <>
          {" "}
          <LoadingOutlined /> {say("sweeping")}
        </>
      ) : null}
    </p>
  );
}

function Types({ types, onEdit }: { types: IdentityType[]; onEdit: ((type: IdentityType) => void) | null }) {
  const { say, language } = useIdentityText();
  const limit = (value: number) => (value === 0 ? say("limit.none") : String(value));
  return (
    <DataTable
      label={say("types")}
      rows={types}
      rowKey={(row) => row.code}
      columns={[
        {
          key: "name",
          title: say("type"),
          isMain: true,
          cell: (row) => (
            <span className="value-words">
              <b>{row.label[language] ?? row.code}</b>
              <code className="soft">{row.code}</code>
            </span>
          ),
        },
        { key: "joining", title: say("state"), cell: (row) => <Badge mood={row.is_joining ? "good" : "plain"}>{say(row.is_joining ? "joining.yes" : "joining.no")}</Badge> },
        { key: "strength", title: say("strength"), cell: (row) => say(`strength.${row.strength}`) },
        { key: "joins", title: say("joins"), cell: (row) => say(`joins.${row.joins}`) },
        { key: "beside", title: say("limit.strong_beside"), align: "right", cell: (row) => limit(row.limits.strong_beside) },
        { key: "records", title: say("limit.records"), align: "right", cell: (row) => limit(row.limits.records) },
        ...(onEdit
          ? [
              {
                key: "act",
                title: "",
                align: "right" as const,
                cell: (row: IdentityType) => (
                  <Button size="small" aria-label={`${say("edit")} ${row.label[language] ?? row.code}`} onClick={() => onEdit(row)}>
                    {say("edit")}
                  </Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
