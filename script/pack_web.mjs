// Packs a folder of web files into one file that the binary carries: node script/pack_web.mjs FOLDER OUT
// The format is described in src/http/static_files.h. An absent or empty folder makes an empty pack.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".txt": "text/plain; charset=utf-8",
};
const packed_already = new Set([".png", ".jpg", ".webp", ".woff2", ".woff"]);

const [folder, out] = process.argv.slice(2);
if (!folder || !out) {
  console.error("node script/pack_web.mjs FOLDER OUT");
  process.exit(2);
}

const bodies = [];
let offset = 0;
const place = (bytes) => {
  bodies.push(bytes);
  offset += bytes.length;
  return [offset - bytes.length, bytes.length];
};
// A compressed body is kept only where it saves a tenth.
const place_smaller = (bytes, raw) => (bytes.length < raw.length * 0.9 ? place(bytes) : null);

const names = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
  : [];
const files = names.map((name) => {
  const raw = readFileSync(name);
  const extension = extname(name).toLowerCase();
  const is_worth_packing = raw.length > 512 && !packed_already.has(extension);
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } };
  return {
    path: name.slice(folder.length).replaceAll("\\", "/").replace(/^\/*/, "/"),
    type: types[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(raw).digest("base64url").slice(0, 22)}"`,
    raw: place(raw),
    br: is_worth_packing ? place_smaller(brotliCompressSync(raw, brotli), raw) : null,
    gz: is_worth_packing ? place_smaller(gzipSync(raw, { level: 9 }), raw) : null,
  };
});

mkdirSync(dirname(out), { recursive: true });
if (files.length === 0) {
  writeFileSync(out, "");
} else {
  const index = Buffer.from(JSON.stringify({ files }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(index.length);
  writeFileSync(out, Buffer.concat([Buffer.from("ONEFOLD-WEB-1\n"), size, index, ...bodies]));
}
console.log(`${files.length} files, ${offset} bytes`);
