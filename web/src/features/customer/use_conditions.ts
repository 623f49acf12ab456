// The conditions of the list: as they are being built, and, after a pause, as the address says them.
import { useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "../../api/session";
import { beginOfDay } from "../../design/day";
import { formulaOf, readTree, writeTree, type Field, type Group } from "../formula/tree";

const pauseMs = 300;

export function useConditions(word: string | undefined, fields: Field[], change: (changes: Record<string, string | null>, how?: "push" | "replace") => void) {
  const { company } = useSession();
  const settled = useMemo(() => readTree(word, fields), [word, fields]);
  const [draft, setDraft] = useState<Group | null>(null);
  const [known, setKnown] = useState(word);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (known !== word) {
    setKnown(word);
    if (draft && writeTree(draft) !== (word ?? null)) setDraft(null); // somebody went back
  }
  const tree = draft ?? settled;
  const setTree = (next: Group): void => {
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change({ where: writeTree(next) }, "replace"), pauseMs);
  };
  const clear = (): void => {
    clearTimeout(timer.current);
    setDraft(null);
  };
  const formula = useMemo(() => formulaOf(settled, (day) => beginOfDay(day, company.zone)), [settled, company.zone]);
  return { tree, setTree, clear, settled, formula };
}
