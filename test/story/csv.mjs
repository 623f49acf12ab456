// CSV and exact decimals, independent of the program: what tests hold its figures against.

/** The rows of a CSV text as objects of column → text; quotes as in RFC 4180. */
export function read_csv(text) {
  const rows = [];
  let row = [], field = "", is_quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (is_quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') (field += '"'), ++i;
      else is_quoted = false;
    } else if (c === '"' && field === "") is_quoted = true;
    else if (c === ",") row.push(field), (field = "");
    else if (c === "\n") row.push(field.replace(/\r$/, "")), rows.push(row), (row = []), (field = "");
    else field += c;
  }
  if (field !== "" || row.length) rows.push([...row, field]);
  const header = rows.shift().map((name, i) => (i === 0 ? name.replace(/^\uFEFF/, "") : name).trim());
  return rows.filter((cells) => cells.length > 1 || cells[0].trim() !== "").map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
}

const places = 12;

/** A decimal text as a BigInt of 10^-12; throws for what is no decimal, or finer. */
export function units_of(text) {
  const parts = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!parts || !(parts[2] || parts[3]) || (parts[3] ?? "").length > places) throw new Error(`not a decimal: ${text}`);
  const units = BigInt(parts[2] + (parts[3] ?? "").padEnd(places, "0"));
  return parts[1] ? -units : units;
}

/** The product of two decimal texts, in the same units; exact for up to 6 places each. */
export const product_of = (a, b) => (units_of(a) * units_of(b)) / 10n ** BigInt(places);

/** The shortest text of such units: "-12.5". */
export function text_of(units) {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}${fraction && `.${fraction}`}`;
}
