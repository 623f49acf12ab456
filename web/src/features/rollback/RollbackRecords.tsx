import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { usePages } from "../../api/queries";
import type { RollbackFate, RollbackRecord } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { Answer, SkeletonRows } from "../../design/states";
import { placeOf } from "./rollback";
import { useRollbackText } from "./texts";
import { rollbackPath } from "./use_rollback";

interface Props {
  id: string;
  fate: RollbackFate;
  label: string;
  limit: number;
  hasKinds: boolean; // several, so that each is told
}

// The records of one fate, page by page; of those that stay also why.
export function RollbackRecords({ id, fate, label, limit, hasKinds }: Props) {
  const { say, sayCode } = useRollbackText();
  const pages = usePages<RollbackRecord>(`${rollbackPath(id)}/records`, { fate }, { limit });
  const kind = { key: "kind", title: say("kind"), width: 120, cell: (record: RollbackRecord) => sayCode("record_kind", record.kind) };
  const reason = { key: "reason", title: say("why"), cell: (record: RollbackRecord) => sayCode("reason", record.reason) };
  return (
    <Answer query={pages} skeleton={<SkeletonRows count={2} />}>
      {() => (
        <>
          <DataTable
            label={label}
            rows={pages.items}
            rowKey={(record) => `${record.kind} ${record.ref}`}
            columns={[
              { key: "name", title: say("record"), isMain: true, cell: (record) => <RecordLink record={record} /> },
              ...(hasKinds ? [kind] : []),
              ...(fate === "stays" ? [reason] : []),
            ]}
          />
          {pages.hasNextPage ? (
            <Button type="text" size="small" className="rollback-more" loading={pages.isFetchingNextPage} onClick={pages.loadMore}>
              {say("more")}
            </Button>
          ) : null}
        </>
      )}
    </Answer>
  );
}

function RecordLink({ record }: { record: RollbackRecord }) {
  const { say } = useRollbackText();
  const place = placeOf(record);
  const name = record.name || say("nameless");
  if (!place) return <span>{name}</span>;
  return (
    <Link to="/customers/$id" params={{ id: place.id }} search={(place.tab ? { tab: place.tab } : {}) as never}>
      {name}
    </Link>
  );
}
