// The columns of the list: the address says them, otherwise they are as they were last on this device.
import { useMemo, useState } from "react";
import { readLayout, usualLayout, writeLayout, type Layout } from "./columns";

const stored = "onefold.customers.columns";
const remembered = (): Layout | null => {
  try {
    return readLayout(localStorage.getItem(stored));
  } catch {
    return null;
  }
};
const remember = (text: string): void => {
  try {
    localStorage.setItem(stored, text);
  } catch {
    // a browser that keeps nothing shows the usual columns next time
  }
};

export function useLayout(word: string | undefined, change: (changes: Record<string, string | null>, how?: "push" | "replace") => void) {
  const settled = useMemo(() => readLayout(word) ?? remembered() ?? usualLayout(), [word]);
  // What a hand is just doing, until the address says it too.
  const [draft, setDraft] = useState<{ layout: Layout; word: string | undefined } | null>(null);
  const layout = draft && draft.word === word ? draft.layout : settled;
  const isUsual = writeLayout(layout) === writeLayout(usualLayout());
  const setLayout = (next: Layout, isSettled = true): void => {
    setDraft({ layout: next, word });
    if (!isSettled) return;
    const text = writeLayout(next);
    remember(text);
    change({ columns: text }, "replace");
  };
  return { layout, isUsual, setLayout };
}
