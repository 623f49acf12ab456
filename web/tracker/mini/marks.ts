// What a tap on a marked element says. Pure. In a mini-program the handler of the tap hears it, as its event's currentTarget.dataset, in
// which data-onefold-order-id has become onefoldOrderId.
import type { Properties } from "../elements";
import { isObject } from "../tracker";

export interface Tap {
  name: string;
  properties: Properties;
  /** When it was, by the clock of the page: one tap that several handlers hear has one. */
  at: unknown;
}

const lengthMax = 500;
const reserved = ["event", "properties"];

const isRecord = (value: unknown): value is Properties => isObject(value) && !Array.isArray(value);

function parsed(said: unknown): Properties {
  if (typeof said !== "string") return isRecord(said) ? said : {};
  try {
    const value: unknown = JSON.parse(said);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

export function propertiesOf(dataset: Properties): Properties {
  const properties: Properties = {};
  for (const name of Object.keys(dataset)) {
    const [, first = "", rest = ""] = /^onefold([A-Z])(.*)$/.exec(name) ?? [];
    const key = (first + rest).replace(/[A-Z]/g, (letter, at) => (at ? "_" : "") + letter.toLowerCase());
    const value = dataset[name];
    if (key && !reserved.includes(key)) properties[key] = typeof value === "string" ? value.slice(0, lengthMax) : value;
  }
  return { ...properties, ...parsed(dataset.onefoldProperties) };
}

/** `heard`: the first word of a call of any of the page's functions. */
export function tapOf(heard: unknown): Tap | null {
  if (!isObject(heard) || heard.type !== "tap" || !isObject(heard.currentTarget)) return null;
  const { dataset } = heard.currentTarget;
  const name = isObject(dataset) && (dataset.onefold || dataset.onefoldEvent);
  return isObject(dataset) && typeof name === "string" ? { name, properties: propertiesOf(dataset), at: heard.timeStamp } : null;
}
