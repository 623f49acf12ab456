// What is done with an export outside of any page: its file fetched, and word of its end, wherever somebody has gone meanwhile.
import { get } from "../../api/client";
import { asFailure, Failure, type FailureKind } from "../../api/failure";
import type { Extract } from "../../api/types";
import type { useToast } from "../../design/toast";
import { fileOf, isGoing, pathOf } from "./extract";
import type { useExtractText } from "./texts";

const everyMs = 1000;

export function fetchFile(id: string): void {
  const link = document.createElement("a");
  link.href = fileOf(id);
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

// Nobody can ask for it any more; all else, like a server that is away, may be over at the next time.
const isLast = (kind: FailureKind): boolean => kind === "missing" || kind === "signed_out";

// Ends with it, or when it is gone or nobody is signed in.
export async function follow(id: string, toast: ReturnType<typeof useToast>, say: ReturnType<typeof useExtractText>["say"]): Promise<void> {
  for (;;) {
    const one = await get<Extract>(pathOf(id)).catch(asFailure);
    if (one instanceof Failure) {
      if (isLast(one.kind)) return;
    } else if (!isGoing(one)) {
      if (one.state === "finished") toast.done(say("ready", { file: one.file }), { kind: "other", label: say("fetch"), run: () => fetchFile(id) });
      if (one.state === "failed") toast.failed(one.error ?? say("state.failed"));
      return;
    }
    await new Promise((wait) => setTimeout(wait, everyMs));
  }
}
