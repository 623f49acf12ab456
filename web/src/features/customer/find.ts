// What a typed word may mean: an identifier of some type, or a part of a name.
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import type { Customer, Formula, Found, Page } from "../../api/types";
import { identifierTypes } from "../naming/naming";

export interface Lookup {
  identifiers: string[];
  name: string | null;
}

// A Chinese mobile number has eleven digits, and begins with 1; while it is typed it is no number yet.
const isHalfMobile = (digits: string) => /^(\+86)?1\d{6,9}$/.test(digits) || /^\+861?\d{0,9}$/.test(digits);

export function lookupOf(text: string): Lookup {
  const word = text.trim();
  if (!word) return { identifiers: [], name: null };
  const written = /^([a-z_]+)(@[^:]+)?:(.+)$/.exec(word);
  if (written && (identifierTypes as readonly string[]).includes(written[1]!)) return { identifiers: [word], name: null };
  if (/^\S+@\S+\.\S+$/.test(word)) return { identifiers: [`email:${word}`], name: null };
  const digits = word.replace(/[\s()-]/g, "");
  if (isHalfMobile(digits)) return { identifiers: [`member_no:${word}`, `user_id:${word}`], name: null };
  if (/^\+?\d{7,15}$/.test(digits)) return { identifiers: [`phone:${digits}`, `member_no:${word}`, `user_id:${word}`], name: null };
  if (/^[\w.-]*\d[\w.-]*$/.test(word)) return { identifiers: [`member_no:${word}`, `user_id:${word}`], name: /^\d+$/.test(word) ? null : word };
  return { identifiers: [], name: word };
}

// Whether only an identifier can be meant: then the list is what was found, and no question to count, save or export.
export function isLookup(text: string): boolean {
  const { identifiers, name } = lookupOf(text);
  return identifiers.length > 0 && name === null;
}

export const nameContains = (name: string): Formula => ({ op: "contains", args: [{ field: "name" }, { value: name }] });

// A number that is typed only half may be no phone number yet: nobody has it, and the other readings still count.
async function findByIdentifier(identifier: string, signal?: AbortSignal): Promise<Customer[]> {
  try {
    return (await get<Page<Customer>>("/api/v1/customers", { identifier, limit: 20 }, signal)).items;
  } catch (thrown) {
    if (asFailure(thrown).status === 400) return [];
    throw thrown;
  }
}

async function findByIdentifiers(identifiers: string[], signal?: AbortSignal): Promise<Customer[]> {
  const found = await Promise.all(identifiers.map((identifier) => findByIdentifier(identifier, signal)));
  return distinct(found.flat());
}

export function distinct(customers: Customer[]): Customer[] {
  const seen = new Set<string>();
  return customers.filter((customer) => !seen.has(customer.id) && seen.add(customer.id));
}

export const matchesKey = (text: string) => ["customer-matches", text] as const;
export const findMatches = (text: string, signal?: AbortSignal): Promise<Customer[]> => findByIdentifiers(lookupOf(text).identifiers, signal);

// The few best, for choosing one of them.
export async function findCustomers(text: string, signal?: AbortSignal): Promise<Customer[]> {
  const found = await get<Found>("/api/v1/search", { q: text, limit: 8 }, signal);
  return found.items.map(({ customer }) => customer);
}
