// Pairs to decide: how they are asked for, decided and taken back.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { ReviewDetail, ReviewSettled } from "../../api/types";
import { useToast } from "../../design/toast";
import { previewKey } from "../customer/use_decisions";
import { reviewsPath } from "./progress";
import { useReviewText } from "./texts";

const pairPath = (id: string) => `${reviewsPath}/${encodeURIComponent(id)}`;

export const usePair = (id: string) =>
  useQuery({ queryKey: [reviewsPath, "pair", id], queryFn: ({ signal }) => get<ReviewDetail>(pairPath(id), {}, signal), retry: (count, thrown) => count < 2 && asFailure(thrown).kind !== "missing" });

export type Act = { kind: "merge"; values: Record<string, string> } | { kind: "keep_apart" } | { kind: "later"; until: string | null } | { kind: "reopen" };
type Words = "merge" | "apart" | "later";

// `onGone`: the pair is out of this list, by us or by somebody else.
export function useDecide(onGone: (id: string) => void) {
  const { say } = useReviewText();
  const client = useQueryClient();
  const toast = useToast();
  // What was only a preview has become true, or somebody else's.
  const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== previewKey });
  const takeBack = async (path: string, version: number | undefined, words: Words) => {
    try {
      await post(path, undefined, { version });
      toast.done(say(`undone.${words}`));
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    }
    refresh();
  };
  const tell = (act: Act, settled: ReviewSettled) => {
    if (act.kind === "reopen") return toast.done(say("undone.later"));
    const words = act.kind === "keep_apart" ? "apart" : act.kind;
    const [path, version] = act.kind === "later" ? [`${pairPath(settled.id)}/reopen`, settled.version] : [`/api/v1/identity_decisions/${encodeURIComponent(settled.decision!)}/undo`, undefined];
    toast.done(say(`done.${words}`), { kind: "undo", label: say("undo"), run: () => void takeBack(path, version, words) });
  };
  return async (pair: ReviewDetail, act: Act): Promise<void> => {
    const body = act.kind === "merge" ? { values: act.values } : act.kind === "later" && act.until ? { until: act.until } : {};
    try {
      const settled = await post<ReviewSettled>(`${pairPath(pair.id)}/${act.kind}`, body, { version: pair.version });
      onGone(pair.id);
      tell(act, settled);
    } catch (thrown) {
      const failure = asFailure(thrown);
      const isGone = failure.code === "review.settled" || failure.code === "review.no_such_pair";
      toast.failed(isGone ? say("settled") : failure.code === "review.changed" ? say("changed") : failure.message);
      if (isGone) onGone(pair.id);
    }
    refresh();
  };
}
