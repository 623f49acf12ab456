// What is done with an export outside of any page: its file fetched, and word of its end, wherever somebody has gone meanwhile.
import { get } from "../../api/client";
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

// Ends with it, or when it cannot be asked any more.
export async function follow(id: string, toast: ReturnType<typeof useToast>, say: ReturnType<typeof useExtractText>["say"]): Promise<void> {
  for (;;) {
    const one = await get<Extract>(pathOf(id)).catch(() => null);
    if (one === null) return;
    if (!isGoing(one)) {
      if (one.state === "finished") toast.done(say("ready", { file: one.file }), { kind: "other", label: say("fetch"), run: () => fetchFile(id) });
      if (one.state === "failed") toast.failed(one.error ?? say("state.failed"));
      return;
    }
    await new Promise((wait) => setTimeout(wait, everyMs));
  }
}
