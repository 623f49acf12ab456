// The stairs: which folder may take from which. Every function returns a list of complaints; none means that it holds.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** `layers.toml` as {room: [rooms below]}. It knows comments and `room = ["below", …]`, one line a room, and no more. */
export function parse_layers(text) {
  const layers = {};
  const complaints = [];
  text.split("\n").forEach((line, index) => {
    const bare = line.replace(/#.*/, "").trim();
    if (bare === "") return;
    const match = /^([a-z_]+)\s*=\s*\[((?:\s*"[a-z_]+"\s*,?)*)\s*\]$/.exec(bare);
    if (!match) complaints.push(`line ${index + 1} is not \`room = ["below", …]\`: ${bare}`);
    else if (layers[match[1]]) complaints.push(`line ${index + 1} names ${match[1]} a second time`);
    else layers[match[1]] = [...match[2].matchAll(/"([a-z_]+)"/g)].map((found) => found[1]);
  });
  return { layers, complaints };
}

/** Rooms that are taken from but not listed, and rooms that reach themselves. */
export function check_graph(layers) {
  const complaints = [];
  for (const [room, below] of Object.entries(layers)) {
    for (const other of below) if (!layers[other]) complaints.push(`${room} takes from ${other}, which is not listed`);
  }
  const state = {};
  const walk = (room, path) => {
    if (state[room] === "done" || !layers[room]) return;
    if (state[room] === "open") {
      complaints.push(`a circle: ${[...path.slice(path.indexOf(room)), room].join(" → ")}`);
      return;
    }
    state[room] = "open";
    for (const other of layers[room]) walk(other, [...path, room]);
    state[room] = "done";
  };
  for (const room of Object.keys(layers)) walk(room, []);
  return complaints;
}

/** Folders and lines of `layers.toml` must be the same set. */
export function check_folders(layers, folders) {
  return [
    ...folders.filter((folder) => !layers[folder]).map((folder) => `the folder ${folder} is not in layers.toml`),
    ...Object.keys(layers).filter((room) => !folders.includes(room)).map((room) => `layers.toml lists ${room}, and there is no such folder`),
  ];
}

const is_for_tests = /_(test|bench|fuzz|rig)\.\w+$/;

/** Files of C++: [{path: "room/file.cc", text}]. An include without a folder is one of its own room; `testing/` is for tests and their rigs. */
export function check_includes(layers, files) {
  const complaints = [];
  for (const { path, text } of files) {
    const room = path.split("/")[0];
    for (const [, included] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/gm)) {
      if (included.split("/").includes("..")) complaints.push(`${path} includes ${included}: name the room instead of climbing`);
      if (!included.includes("/")) continue;
      const other = included.split("/")[0];
      if (other === room || other === "..") continue;
      if (other === "testing" && is_for_tests.test(path)) continue;
      if (!layers[other]) complaints.push(`${path} includes ${included}, of no room`);
      else if (!layers[room]?.includes(other)) complaints.push(`${path} includes ${included}: ${room} may not take from ${other}`);
    }
  }
  return complaints;
}

export const folders_of = (root) =>
  existsSync(root) ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort() : [];

/** All files under `root` whose name ends in one of `ends`: [{path, text}], paths from `from`. */
export function read_tree(root, ends, from = root) {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => ({ path: relative(from, file).split(sep).join("/"), text: readFileSync(file, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
