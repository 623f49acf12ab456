// What people decide about who is who: done, told, and taken back from the toast.
import { useQueryClient } from "@tanstack/react-query";
import { post } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { DecisionOutcome } from "../../api/types";
import { useToast } from "../../design/toast";
import { useCustomerText } from "./texts";

const customerPath = (id: string) => `/api/v1/customers/${encodeURIComponent(id)}`;
export const mergePath = (id: string) => `${customerPath(id)}/merge`;
export const unmergePath = (id: string) => `${customerPath(id)}/unmerge`;
export const whyPath = (id: string) => `${customerPath(id)}/why`;
export const decisionsPath = (id: string) => `${customerPath(id)}/decisions`;

export const previewKey = "decision-preview";

export function useTell() {
  const { say } = useCustomerText();
  const client = useQueryClient();
  const toast = useToast();
  // Lists, figures, timelines: all may speak of somebody else now. What was only a preview has become true.
  const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== previewKey });
  const undo = async (decision: string, text: string): Promise<void> => {
    try {
      await post<DecisionOutcome>(`/api/v1/identity_decisions/${encodeURIComponent(decision)}/undo`);
      toast.done(text);
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    }
    refresh();
  };
  const tell = (outcome: DecisionOutcome, done: string, undone: string): void => {
    refresh();
    toast.done(done, { kind: "undo", label: say("act.undo"), run: () => void undo(outcome.decision!, undone) });
  };
  return { tell, undo };
}

export function useWho() {
  const { say } = useCustomerText();
  return (by: string, name: string | null | undefined): string => name ?? (by.startsWith("token:") ? say("who.token") : by === "local" ? say("who.local") : say("who.other"));
}

