// What people say of a customer's fields, and how it is taken back.
import type { CustomerPage, Provenance } from "../../api/types";

export interface Saying {
  fields?: Record<string, string | null>;
  automatic?: string[];
  verified?: string[];
  unverified?: string[];
  verified_identifiers?: string[];
  unverified_identifiers?: string[];
}

const wasSaid = (code: string, origin: Provenance | undefined): Saying => {
  if (origin?.rule === "hidden") return { fields: { [code]: null } };
  if (origin?.rule === "manual" && typeof origin.value === "string") return { fields: { [code]: origin.value } };
  return { automatic: [code] };
};

const joined = (a: Saying, b: Saying): Saying => ({
  ...a,
  ...b,
  ...(a.fields && b.fields ? { fields: { ...a.fields, ...b.fields } } : {}),
  ...(a.automatic && b.automatic ? { automatic: [...a.automatic, ...b.automatic] } : {}),
});

// What to say to have it as it was before `saying`.
export function inverse(saying: Saying, provenance: CustomerPage["provenance"]): Saying {
  const codes = [...Object.keys(saying.fields ?? {}), ...(saying.automatic ?? [])];
  const back = codes.map((code) => wasSaid(code, provenance[code])).reduce(joined, {});
  if (saying.verified) back.unverified = saying.verified;
  if (saying.unverified) back.verified = saying.unverified;
  if (saying.verified_identifiers) back.unverified_identifiers = saying.verified_identifiers;
  if (saying.unverified_identifiers) back.verified_identifiers = saying.unverified_identifiers;
  return back;
}
