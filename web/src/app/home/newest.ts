// Whom the newest customers show: those of whom something is known that a person could call them by, or everybody. The choice is kept in this browser.
export type Shown = "known" | "all";

// A name, or an identifier that is not a device's.
const identifiers = ["user_id", "member_no", "phone", "email", "unionid", "openid", "external_userid", "credit_code", "id_card", "web_domain", "group_id", "organisation_name"];
export const isKnown = {
  op: "or",
  args: [
    { op: "not", args: [{ op: "blank", args: [{ field: "name" }] }] },
    { op: "in", args: [{ field: "identifier_types" }, ...identifiers.map((value) => ({ value }))] },
  ],
};

const keyOf = (user: string): string => `onefold.newest.${user}`;

export function readShown(user: string): Shown {
  try {
    return localStorage.getItem(keyOf(user)) === "all" ? "all" : "known";
  } catch {
    return "known";
  }
}

export function keepShown(user: string, shown: Shown): void {
  try {
    localStorage.setItem(keyOf(user), shown);
  } catch {
    // a browser that keeps nothing shows those who are known
  }
}
