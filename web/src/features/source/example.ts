// How to send the first thing to a source, ready to paste.
import type { SourceKind } from "../../api/types";

const word = (text: string) => (/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

export const importCommand = (source: string): string => `onefold import orders.csv --as order --source ${word(source)} --map map.json --data DIR`;

export function example(kind: SourceKind, key: string, source: string, origin: string): string {
  if (kind === "file") return importCommand(source);
  if (kind === "api") {
    return [
      `curl ${origin}/v1/track -u ${key}: \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '{"userId":"1001","event":"Product Viewed","properties":{"sku":"A-1"}}'`,
    ].join("\n");
  }
  return [
    `let id = localStorage.getItem("visitor");`,
    `if (!id) localStorage.setItem("visitor", (id = crypto.randomUUID()));`,
    `navigator.sendBeacon("${origin}/v1/batch", JSON.stringify({`,
    `  writeKey: "${key}",`,
    `  batch: [{ type: "page", anonymousId: id, name: document.title, properties: { url: location.href } }],`,
    `}));`,
  ].join("\n");
}
