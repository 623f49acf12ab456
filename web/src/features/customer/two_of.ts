import type { Identifier } from "../../api/types";
import { inOrder } from "../naming/naming";

// Two that say most in little room: the first, and beside it an address or a number that needs no word, where there is one.
const telling = new Set(["email", "phone"]);
export const isTelling = ({ type }: Identifier): boolean => telling.has(type);
export function twoOf<I extends Identifier>(identifiers: I[]): I[] {
  const [first, ...rest] = inOrder(identifiers);
  const second = rest.find(isTelling) ?? rest.find(({ type }) => type !== first?.type) ?? rest[0];
  return [first, second].filter((one) => one !== undefined);
}
