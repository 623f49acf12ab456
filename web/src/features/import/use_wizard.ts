// What the page of a new import asks for: the preview of its file, and which places there are for columns.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, post } from "../../api/client";
import type { Field, IdentityPolicy, ImportPreview, Page, Source, Upload } from "../../api/types";
import { importsPath } from "./use_imports";
import { uploadsPath } from "./upload";
import { parts, type ImportKind } from "./targets";
import { useImportText } from "./texts";

// How the file is to be read, as the address has it.
export interface Reading {
  upload: string;
  as?: string;
  sheet?: string;
  header_line?: string;
  encoding?: string;
  source?: string;
}

export const bodyOf = ({ upload, sheet, header_line, encoding }: Reading) => ({
  upload,
  ...(sheet ? { sheet } : {}),
  ...(header_line ? { header_line: Number(header_line) } : {}),
  ...(encoding ? { encoding } : {}),
});

export const useUpload = (id: string | undefined) =>
  useQuery({ queryKey: [uploadsPath, id], queryFn: ({ signal }) => get<Upload>(`${uploadsPath}/${encodeURIComponent(id!)}`, {}, signal), enabled: id !== undefined });

export const usePreview = (reading: Reading) =>
  useQuery({
    queryKey: [`${importsPath}/preview`, reading],
    queryFn: ({ signal }) => post<ImportPreview>(`${importsPath}/preview`, { ...bodyOf(reading), ...(reading.as ? { as: reading.as } : {}), ...(reading.source ? { source: reading.source } : {}) }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });

export const useFileSources = () => useQuery({ queryKey: ["/api/v1/sources", "names"], queryFn: ({ signal }) => get<Page<Source>>("/api/v1/sources", {}, signal) });

export interface PlaceGroup {
  label: string;
  options: { value: string; label: string }[];
}

const option = (value: string, text: string, of = "") => ({ value, label: of ? `${of} · ${text}` : text });

// Every place that a column of this kind of file may go to, in groups.
export function usePlaces(kind: ImportKind): PlaceGroup[] {
  const { say, sayCode, language } = useImportText();
  const policy = useQuery({ queryKey: ["/api/v1/identity/policy"], queryFn: ({ signal }) => get<IdentityPolicy>("/api/v1/identity/policy", {}, signal), staleTime: 60_000 });
  const fields = useQuery({ queryKey: ["/api/v1/fields", "customer"], queryFn: ({ signal }) => get<Page<Field>>("/api/v1/fields", { object: "customer" }, signal), staleTime: 60_000 });
  const label = (one: { code: string; label: Record<string, string> }) => one.label[language] ?? one.label["en"] ?? one.code;
  const types = policy.data?.types ?? [];
  const golden = (fields.data?.items ?? []).filter((field) => !field.is_computed && !field.has_several && field.type === "text" && !["state", "kind", "id"].includes(field.code));
  const whose = (path: string, of: string): PlaceGroup[] => [
    { label: of ? `${of} · ${say("group.identifiers")}` : say("group.identifiers"), options: types.map((type) => option(`${path}identifiers/${type.code}`, label(type), of)) },
    { label: of ? `${of} · ${say("group.fields")}` : say("group.fields"), options: golden.map((field) => option(`${path}fields/${field.code}`, label(field), of)) },
  ];
  const own = (key: keyof typeof parts, of: string): PlaceGroup => ({ label: of, options: parts[key].map((part) => option(`${key}/${part}`, sayCode("part", `${key.replace("/", ".")}.${part}`), of)) });
  const name = sayCode("as_one", kind);
  const special = kind === "customer" ? [] : kind === "order" ? [own("order", name), own("order/lines", say("group.lines"))] : [own(kind, name)];
  return [...special, ...whose("", ""), ...whose("organisation/", say("group.organisation")), own("membership", say("group.membership"))];
}
