// What is exported, and how far it is: pure.
import type { Extract, Formula } from "../../api/types";

export const formats = ["csv", "xlsx"] as const;
export type Format = (typeof formats)[number];

export interface Question {
  object: "customer" | "order" | "ticket";
  columns?: string[];
  filter?: Formula | null;
  condition?: string | null;
  sort?: string;
  ids?: string[];
}

export const extractsPath = "/api/v1/extracts";
export const pathOf = (id: string) => `${extractsPath}/${encodeURIComponent(id)}`;
export const fileOf = (id: string) => `${pathOf(id)}/file`;
export const wishOf = (question: Question, format: Format) => ({ ...question, format });
export const isGoing = (one: Pick<Extract, "state"> | undefined): boolean => one?.state === "waiting" || one?.state === "running";
// Nothing while it is not known how many there are; the last step, putting a workbook together, has no measure either.
export function shareOf({ records, records_total }: Pick<Extract, "records" | "records_total">): { value: number; max: number } | null {
  if (!records_total || records >= records_total) return null;
  return { value: records, max: records_total };
}
export const ofCustomer = (id: string): Formula => ({ op: "=", args: [{ field: "customer" }, { value: id }] });
