import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

function readStairs(): Map<string, string[]> {
  const stairs = new Map<string, string[]>();
  for (const line of readFileSync(join(root, "layers.toml"), "utf8").split("\n")) {
    const entry = /^"?([\w/]+)"?\s*=\s*\[(.*)\]$/.exec(line.trim());
    if (entry) stairs.set(entry[1]!, [...entry[2]!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!));
  }
  return stairs;
}

const files = (readdirSync(root, { recursive: true }) as string[]).filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));
const roomOf = (path: string): string => (path.startsWith("features/") ? path.split("/").slice(0, 2).join("/") : path.split("/")[0]!);

test("every room stands in layers.toml, and every line there is a room", () => {
  const rooms = new Set(files.filter((file) => file.includes("/")).map(roomOf));
  expect([...readStairs().keys()].toSorted()).toEqual([...rooms].toSorted());
});

test("a file imports only from rooms below its own", () => {
  const stairs = readStairs();
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    if (!file.includes("/")) continue;
    for (const [, target] of readFileSync(join(root, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const other = roomOf(relative(root, normalize(join(root, dirname(file), target!))));
      if (other !== room && !stairs.get(room)?.includes(other)) wrong.push(`${file} imports ${other}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("the stairs have no way round", () => {
  const stairs = readStairs();
  const above = (room: string, seen: string[]): string[] => (seen.includes(room) ? [[...seen, room].join(" → ")] : (stairs.get(room) ?? []).flatMap((next) => above(next, [...seen, room])));
  expect([...stairs.keys()].flatMap((room) => above(room, []))).toEqual([]);
});
