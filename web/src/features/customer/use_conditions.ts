// The conditions of the list: as they are being built or written, and, after a pause, as the address says them.
import { useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "../../api/session";
import type { Words } from "../../design/address";
import { beginOfDay } from "../../design/day";
import { formulaOf, readTree, writeTree, type Field, type Group } from "../formula/tree";

const pauseMs = 300;

export function useConditions({ where, formula }: Words, fields: Field[], change: (changes: Record<string, string | null>, how?: "push" | "replace") => void) {
  const { company } = useSession();
  const settled = useMemo(() => readTree(formula === undefined ? where : undefined, fields), [where, formula, fields]);
  const [draft, setDraft] = useState<Group | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const [way, setWay] = useState<"build" | "write" | null>(null); // that somebody chose here
  const [known, setKnown] = useState({ where, formula });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const forget = (): void => {
    setDraft(null);
    setWritten(null);
    setWay(null);
  };
  if (known.where !== where || known.formula !== formula) {
    setKnown({ where, formula });
    const isOurs = way === "write" ? written?.trim() === (formula ?? "") : draft === null || writeTree(draft) === (where ?? null);
    if (!isOurs) forget(); // somebody went back
  }
  const tell = (changes: Record<string, string | null>): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change(changes, "replace"), pauseMs);
  };
  const setTree = (next: Group): void => {
    setDraft(next);
    setWritten(null);
    setWay("build");
    tell({ where: writeTree(next), formula: null });
  };
  // What is no condition (yet) is not asked.
  const setText = (next: string, isSound: boolean): void => {
    setDraft(null);
    setWritten(next);
    setWay("write");
    if (isSound) tell({ where: null, formula: next.trim() || null });
    else clearTimeout(timer.current);
  };
  const clear = (): void => {
    clearTimeout(timer.current);
    forget();
  };
  const text = way === "build" ? null : way === "write" ? (written ?? formula ?? "") : (formula ?? null);
  const filter = useMemo(() => formulaOf(settled, (day) => beginOfDay(day, company.zone)), [settled, company.zone]);
  const asked = useMemo(() => ({ filter, condition: formula ?? null }), [filter, formula]);
  return { tree: draft ?? settled, setTree, text, setText, clear, settled, asked };
}

// What the conditions ask of the server: a tree, or a formula's text.
export type Asked = ReturnType<typeof useConditions>["asked"];
