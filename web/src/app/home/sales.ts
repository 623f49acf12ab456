// What was sold, one sum for each currency.
import type { Figures } from "../../api/types";

export interface Sum {
  currency: string;
  amount: string; // decimal
}

// Rows of [currency, sum, …]; the biggest number first.
export const salesOf = (rows: Figures["rows"]): Sum[] =>
  rows
    .map(([currency, amount]) => ({ currency: String(currency ?? ""), amount: String(amount ?? "0") }))
    .toSorted((a, b) => Math.abs(Number(b.amount)) - Math.abs(Number(a.amount)));
