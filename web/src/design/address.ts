// The query string as plain words: ?q=17850 stays "17850", and back.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type Words = Record<string, string>;

export function parseSearch(search: string): Words {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : "";
}

// What the page shows is written in its address, so that back works and a copied link shows a colleague the same.
export function useWords(): [Words, (change: Record<string, string | null>, how?: "push" | "replace") => void] {
  const words = useSearch({ strict: false }) as Words;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Record<string, string | null>, how: "push" | "replace" = "push") => {
      void navigate({
        to: ".",
        search: ((before: Words) => Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value))) as never,
        replace: how === "replace",
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [words, change];
}
