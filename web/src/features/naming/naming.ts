// How a customer is called where it has no name: by its first identifier.
import type { Customer, CustomerIdentifier, Identifier } from "../../api/types";
import { useNamingText } from "./texts";

// As people look at them: the first says most.
export const identifierTypes = [
  "member_no",
  "user_id",
  "email",
  "phone",
  "unionid",
  "openid",
  "external_userid",
  "credit_code",
  "id_card",
  "web_domain",
  "group_id",
  "organisation_name",
  "anonymous_id",
  "device",
] as const;

const order = (identifier: Identifier) => {
  const at = (identifierTypes as readonly string[]).indexOf(identifier.type);
  return at < 0 ? identifierTypes.length : at;
};
export const inOrder = <I extends Identifier>(identifiers: I[]): I[] => identifiers.toSorted((a, b) => order(a) - order(b));

export const isSame = (a: Identifier, b: Identifier): boolean => a.type === b.type && a.value === b.value && (a.scope ?? null) === (b.scope ?? null);

export function useIdentifierText() {
  const { sayCode } = useNamingText();
  const typeOf = (identifier: Identifier) => sayCode("identifier", identifier.type);
  return { typeOf, textOf: (identifier: Identifier) => `${typeOf(identifier)} ${identifier.value}` };
}

export const nameOf = (customer: Customer): string | null => {
  const { name, company, last_name, first_name } = customer.fields;
  if (typeof name === "string" && name) return name;
  const parts = [first_name, last_name].filter((part) => typeof part === "string" && part);
  if (parts.length > 0) return parts.join(" ");
  return customer.kind === "organisation" && typeof company === "string" && company ? company : null;
};

export function useCustomerName() {
  const { say } = useNamingText();
  const { textOf } = useIdentifierText();
  const titleOf = (customer: Customer): { text: string; isName: boolean; identifier: CustomerIdentifier | null } => {
    const name = nameOf(customer);
    if (name) return { text: name, isName: true, identifier: null };
    const identifier = inOrder(customer.identifiers)[0] ?? null;
    return { text: identifier ? textOf(identifier) : say("nameless"), isName: false, identifier };
  };
  const subtitleOf = (customer: Customer): string => {
    const { identifier } = titleOf(customer);
    return inOrder(customer.identifiers).filter((other) => other !== identifier).slice(0, 2).map(textOf).join(" · ");
  };
  return { titleOf, subtitleOf };
}
