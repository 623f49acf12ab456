// What can be done with the selected customers at once.
import { Button } from "antd";
import { useState } from "react";
import { useMay } from "../../api/session";
import type { Customer } from "../../api/types";
import { CloseOutlined, CopyOutlined, DownloadOutlined, LinkOutlined, MergeCellsOutlined, UserOutlined } from "../../design/icons";
import { writeClipboard } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { useToast } from "../../design/toast";
import { BulkOwner } from "./BulkOwner";
import { BulkMerge, bulkMergeMax } from "./BulkMerge";
import { useCellText } from "./cells";
import type { Layout } from "./columns";
import { csvOf, saveFile } from "./csv";
import { useCustomerText } from "./texts";

interface Props {
  customers: Customer[];
  layout: Layout;
  labelOf: (code: string) => string;
  onDone: () => void;
}

export function BulkBar({ customers, layout, labelOf, onDone }: Props) {
  const { say } = useCustomerText();
  const toast = useToast();
  const mayEdit = useMay("editor");
  const isPhone = useIsPhone();
  const textOf = useCellText();
  const [isMerging, setMerging] = useState(false);
  const [isAssigning, setAssigning] = useState(false);
  const copy = async (lines: string[], done: string) => {
    await writeClipboard(lines.join("\n"));
    toast.done(done);
  };
  const save = () => {
    const codes = layout.map(({ code }) => code);
    const rows = customers.map((customer) => [customer.id, ...codes.map((code) => textOf(customer, code))]);
    saveFile("customers.csv", "text/csv;charset=utf-8", csvOf([[labelOf("id"), ...codes.map(labelOf)], ...rows]));
  };
  const ofOneKind = new Set(customers.map(({ kind }) => kind)).size === 1;
  const mayMerge = customers.length >= 2 && customers.length <= bulkMergeMax && ofOneKind;
  return (
    <div className="bulk-bar" role="region" aria-label={say("bulk")}>
      <b aria-live="polite">{say("bulk.count", { count: customers.length })}</b>
      {mayEdit && customers.length >= 2 ? (
        <Button size="small" icon={<MergeCellsOutlined />} disabled={!mayMerge} title={mayMerge ? undefined : say(ofOneKind ? "bulk.too_many" : "bulk.kinds", { max: bulkMergeMax })} onClick={() => setMerging(true)}>
          {say("bulk.merge")}
        </Button>
      ) : null}
      {mayEdit ? (
        <Button size="small" icon={<UserOutlined />} onClick={() => setAssigning(true)}>
          {say("bulk.owner")}
        </Button>
      ) : null}
      <Button size="small" icon={<DownloadOutlined />} onClick={save}>
        {say("bulk.csv")}
      </Button>
      <Button size="small" icon={<LinkOutlined />} onClick={() => void copy(customers.map(({ id }) => `${location.origin}/customers/${id}`), say("bulk.links_done", { count: customers.length }))}>
        {say("bulk.links")}
      </Button>
      {isPhone ? null : (
        <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(customers.map(({ id }) => id), say("bulk.ids_done", { count: customers.length }))}>
          {say("bulk.ids")}
        </Button>
      )}
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={say("bulk.clear")} onClick={onDone} />
      {isAssigning ? (
        <BulkOwner
          customers={customers}
          onClose={() => setAssigning(false)}
          onDone={() => {
            setAssigning(false);
            onDone();
          }}
        />
      ) : null}
      {isMerging ? (
        <BulkMerge
          customers={customers}
          onClose={() => setMerging(false)}
          onMerged={() => {
            setMerging(false);
            onDone();
          }}
        />
      ) : null}
    </div>
  );
}
