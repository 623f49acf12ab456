import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { get, keyKeeper, patch } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { CustomerPage, FieldEvent, FieldOrigin, Page } from "../../api/types";
import { useToast } from "../../design/toast";
import { inverse, type Saying } from "./edit";
import { useCustomerText } from "./texts";

export const pathOf = (id: string) => `/api/v1/customers/${encodeURIComponent(id)}`;
const key = (id: string) => ["customer", id];

// Says it, tells that it is done, and offers to take it back. Throws a Failure; after a conflict the newest is loaded.
export function useSay() {
  const { say } = useCustomerText();
  const client = useQueryClient();
  const toast = useToast();
  const keeper = useRef<ReturnType<typeof keyKeeper>>(null);

  const send = async (id: string, saying: Saying, version: number): Promise<CustomerPage> => {
    keeper.current ??= keyKeeper();
    const after = await patch<CustomerPage>(pathOf(id), saying, version, keeper.current([id, saying, version]));
    client.setQueryData(key(id), after);
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "customer" || queryKey.length > 2 });
    return after;
  };
  const undo = async (id: string, saying: Saying): Promise<void> => {
    try {
      const now = await get<CustomerPage>(pathOf(id));
      await send(id, saying, now.version);
      toast.done(say("edit.undone"));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message || say("edit.failed"));
    }
  };
  return async (customer: Pick<CustomerPage, "id" | "version" | "provenance">, saying: Saying, done: string): Promise<void> => {
    try {
      await send(customer.id, saying, customer.version);
    } catch (thrown) {
      if (asFailure(thrown).kind === "conflict") await client.invalidateQueries({ queryKey: key(customer.id) });
      throw thrown;
    }
    const back = inverse(saying, customer.provenance);
    toast.done(done, { kind: "undo", label: say("act.undo"), run: () => void undo(customer.id, back) });
  };
}

export const useOrigins = (id: string, isOn: boolean) =>
  useQuery({
    queryKey: ["customer", id, "provenance"],
    queryFn: ({ signal }) => get<Page<FieldOrigin>>(`${pathOf(id)}/provenance`, {}, signal),
    enabled: isOn,
  });

export const useHistory = (id: string, code: string, isOn: boolean) =>
  useQuery({
    queryKey: ["customer", id, "history", code],
    queryFn: ({ signal }) => get<Page<FieldEvent>>(`${pathOf(id)}/fields/${encodeURIComponent(code)}/history`, {}, signal),
    enabled: isOn,
  });
