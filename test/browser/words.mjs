// The interface's own words, out of its own files, and what must not be seen of them.
import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = "web/src";
const read = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));
const files = readdirSync(root, { recursive: true }).filter((file) => basename(file) === "texts.en.json");
const rooms = new Map(files.map((file) => [basename(dirname(file)), { en: read(file), "zh-CN": read(file.replace("texts.en", "texts.zh-CN")) }]));

/** What the interface says: words of a room by their key, `{count}` choosing the plural. */
export const speaker = (language) => (room, key, values = {}) => {
  const words = rooms.get(room)[language];
  const plural = language === "en" && values.count === 1 ? "one" : "other";
  const text = words[key] ?? words[`${key}_${plural}`];
  if (text === undefined) throw new Error(`no words for ${room} ${key}`);
  return text.replaceAll(/{{\s*(\w+)\s*}}/g, (_, name) => String(values[name]));
};

const stems = [...rooms.values()].flatMap(({ en }) => Object.keys(en).map((key) => key.replace(/_(one|other)$/, "")));
const keys = new Set(stems.filter((key) => /[._]/.test(key)));
/** Keys that stand where their words should, and holes that nobody filled. */
export const keys_in = (texts) => texts.filter((text) => (text.match(/[a-z]\w*(?:\.\w+)*/g) ?? []).some((word) => keys.has(word)) || /{{|undefined|\[object /.test(text));

/** Texts in which Chinese characters are left when the data's own values are taken away. `data_words`: the longest first. */
export const han_left = (texts, data_words) =>
  texts.filter((text) => /\p{Script=Han}/u.test(text) && /\p{Script=Han}/u.test(data_words.reduce((rest, word) => rest.replaceAll(word, ""), text)));

const sentences = (language, other) =>
  [...rooms.values()].flatMap((words) => Object.keys(words[language]).filter((key) => words[other][key] !== words[language][key]).map((key) => words[language][key])).filter((text) => /\S \S/.test(text) && !text.includes("{{"));
const foreign = { en: new Set(), "zh-CN": new Set(sentences("en", "zh-CN")) };

/** Whole phrases that the interface has in the other language. */
export const phrases_of_the_other = (texts, language) => texts.filter((text) => foreign[language].has(text));
