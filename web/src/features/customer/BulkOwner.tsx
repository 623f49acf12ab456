// Who looks after the selected customers, said of all of them at once; one word takes it back.
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { get, patch } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useSession } from "../../api/session";
import type { Customer, CustomerPage } from "../../api/types";
import { FormFailure } from "../../design/FormFailure";
import { useToast } from "../../design/toast";
import { inverse, type Saying } from "./edit";
import { useCustomerText } from "./texts";
import { pathOf } from "./use_edit";
import { useSuggestions } from "./use_list_fields";

const ownerField = { code: "owner" };

// What to say to have it as it was.
async function tell(id: string, saying: Saying): Promise<Saying> {
  const now = await get<CustomerPage>(pathOf(id));
  await patch<CustomerPage>(pathOf(id), saying, now.version);
  return inverse(saying, now.provenance);
}

export function BulkOwner({ customers, onClose, onDone }: { customers: Customer[]; onClose: () => void; onDone: () => void }) {
  const { say } = useCustomerText();
  const client = useQueryClient();
  const toast = useToast();
  const own = useSession().user?.name ?? "";
  const [owner, setOwner] = useState(own);
  const [done, setDone] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const list = useId();
  const { suggest, onFocusField } = useSuggestions();
  const refresh = () => void client.invalidateQueries();
  const takeBack = async (told: { id: string; back: Saying }[]) => {
    try {
      for (const { id, back } of told) await tell(id, back);
      toast.done(say("edit.undone"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message || say("edit.failed"));
    }
    refresh();
  };
  const assign = async () => {
    const told: { id: string; back: Saying }[] = [];
    const sayDone = () => toast.done(say("bulk.owner_done", { count: told.length }), { kind: "undo", label: say("act.undo"), run: () => void takeBack(told) });
    setFailure(null);
    try {
      for (const { id } of customers) {
        setDone(told.length);
        told.push({ id, back: await tell(id, { fields: { owner: owner.trim() || null } }) });
      }
      sayDone();
      onDone();
    } catch (thrown) {
      if (told.length > 0) sayDone(); // what was said until then stays, and can be taken back
      setFailure(asFailure(thrown));
      setDone(null);
    }
    refresh();
  };
  return (
    <Modal
      open
      width={440}
      title={say("bulk.owner.title", { count: customers.length })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say("act.cancel")}</Button>
          <Button type="primary" loading={done !== null} onClick={() => void assign()}>
            {done === null ? say("bulk.owner.do") : say("bulk.owner.doing", { done, count: customers.length })}
          </Button>
        </>
      }
    >
      <FormFailure failure={failure} />
      <label htmlFor={`${list}-input`}>{say("bulk.owner.who")}</label>
      <Input id={`${list}-input`} autoFocus list={list} maxLength={1000} value={owner} onFocus={() => onFocusField(ownerField)} onChange={(event) => setOwner(event.target.value)} onPressEnter={() => void assign()} />
      <datalist id={list}>
        {suggest(ownerField).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <p className="faint">{say("bulk.owner.help")}</p>
    </Modal>
  );
}
