// Workbooks made by hand, so that what a test reads was not written by what it tests.
import { crc32, deflateRawSync } from "node:zlib";

const escaped = (text) => String(text).replace(/[&<]/g, (mark) => (mark === "&" ? "&amp;" : "&lt;"));

/** A zip archive of {name: text or Buffer}. */
export function zip(files) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content), packed = deflateRawSync(bytes), title = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0), fields.writeUInt16LE(0x800, 2), fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10), fields.writeUInt32LE(packed.length, 14), fields.writeUInt32LE(bytes.length, 18), fields.writeUInt16LE(title.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, title, packed]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, entry, title]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory), end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4), end.writeUInt16LE(directory.length, 6), end.writeUInt32LE(list.length, 8), end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from("PK\x05\x06"), end]);
}

/** A workbook of {sheet: rows}; a cell is a text, a number, or {day: count since 1899-12-30}; a row that is hidden is {hidden: cells}. */
export function workbook(sheets) {
  const names = Object.keys(sheets);
  const cell = (value) => (typeof value === "object" ? `<c s="1"><v>${value.day}</v></c>` : typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escaped(value)}</t></is></c>`);
  const files = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook xmlns:r="r"><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="r${i + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${names.map((_, i) => `<Relationship Id="r${i + 1}" Type="x/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
  };
  for (const [i, name] of names.entries()) files[`xl/worksheets/sheet${i + 1}.xml`] = `<worksheet><sheetData>${sheets[name].map((row) => (row.hidden ? `<row hidden="1">${row.hidden.map(cell).join("")}</row>` : `<row>${row.map(cell).join("")}</row>`)).join("")}</sheetData></worksheet>`;
  return zip(files);
}
