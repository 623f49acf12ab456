// What the page's own marks say about a click or a form: data-onefold-event names the event, other data-onefold-… are its properties.

export type Properties = Record<string, unknown>;

const mark = "data-onefold-";
const reserved = ["event", "properties", "value", "trait"];
const lengthMax = 500;
const fieldsMax = 100;
const secret = /passw|passcode|secret|token|csrf|captcha|otp|pin\b|cvv|cvc|card|iban|ssn/i;

export const markedAround = (target: EventTarget | null | undefined): Element | null =>
  target instanceof Element ? target.closest(`[${mark}event]`) : null;

export const eventOf = (marked: Element): string => marked.getAttribute(`${mark}event`) ?? "";

/** Texts as they stand; `data-onefold-properties` holds JSON for numbers and more. */
export function propertiesOf(marked: Element): Properties {
  const properties: Properties = {};
  for (const { name, value } of Array.from(marked.attributes)) {
    const key = name.startsWith(mark) ? name.slice(mark.length) : "";
    if (key && !reserved.includes(key)) properties[key.replace(/-/g, "_")] = value.slice(0, lengthMax);
  }
  const json = parsed(marked.getAttribute(`${mark}properties`));
  return { ...properties, ...json };
}

function parsed(text: string | null): Properties {
  try {
    const value: unknown = text ? JSON.parse(text) : {};
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
  } catch {
    return {};
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Nobody's to know, however the page marks it. */
function isSecret(field: Field): boolean {
  const { type, name, id, autocomplete } = field;
  return type === "password" || type === "file" || type === "hidden" || secret.test(`${name} ${id}`) || /password|one-time|^cc-/.test(autocomplete);
}

const isAsked = (field: Element): field is Field => /^(INPUT|SELECT|TEXTAREA)$/.test(field.tagName) && !/^(submit|button|reset|image)$/.test((field as Field).type);

const isLeftOut = (field: Field): boolean => /^(checkbox|radio)$/.test(field.type) && !(field as HTMLInputElement).checked;

/** What a marked form says when it is sent: the names of its fields, and the values only of fields that are marked to be told. */
export function submissionOf(form: HTMLFormElement): { properties: Properties; traits: Properties } {
  const properties = propertiesOf(form);
  const traits: Properties = {};
  const fields: string[] = [];
  for (const field of Array.from(form.elements)) {
    if (!isAsked(field) || isSecret(field)) continue;
    if (field.name && fields.length < fieldsMax && !fields.includes(field.name)) fields.push(field.name.slice(0, lengthMax));
    const value = field.value.slice(0, lengthMax);
    if (!value || isLeftOut(field)) continue;
    const told = field.getAttribute(`${mark}value`);
    const trait = field.getAttribute(`${mark}trait`);
    if (told !== null) properties[told || field.name] = value;
    if (trait) traits[trait] = value;
  }
  return { properties: { form: form.getAttribute("name") || form.id || "", fields, ...properties }, traits };
}

/** The link of another host around what was clicked. */
export function outboundAround(target: EventTarget | null | undefined, host: string): Properties | null {
  const link = target instanceof Element ? target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || !/^https?:$/.test(link.protocol) || link.host === host) return null;
  return { href: link.origin + link.pathname, host: link.host };
}
