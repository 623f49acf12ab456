// Puts a listener before functions of what an app gives to App, Page and Component; each is called, and answers, as it was.
import { safely } from "../safely";

type Words = unknown[];
export type Definition = Record<string, unknown>;
/** `on`: the page, component or app; `words`: what WeChat called it with. */
export type Heard = (on: object, words: Words) => unknown;

type Work = (this: object, ...words: Words) => unknown;
const ours = new WeakSet<Work>();

function before(work: Work | undefined, heard: Heard): Work {
  const listen = safely(heard);
  const both: Work = function (...words) {
    listen(this, words);
    return work?.apply(this, words);
  };
  ours.add(both);
  return both;
}

const isWork = (value: unknown): value is Work => typeof value === "function";

/** `always`: functions that are there from now on. `others` hears every other function that the definition has. */
export function listenTo(definition: Definition, always: Record<string, Heard>, others?: (name: string) => Heard): void {
  const names = Object.keys(always);
  for (const name in definition) if (isWork(definition[name]) && !names.includes(name)) names.push(name);
  for (const name of names) {
    const work = definition[name];
    const heard = always[name] ?? others?.(name);
    if (heard && (work === undefined || (isWork(work) && !ours.has(work)))) definition[name] = before(work, heard);
  }
}
