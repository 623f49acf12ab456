// Where a visit comes from, as the address says it. Pure, and without a browser's own reading of addresses, which mini-programs lack.

export interface Origin {
  campaign?: Record<string, string>;
  clickIds?: Record<string, string>;
}

const segmentNames: Record<string, string> = { campaign: "name" };
// Google, Microsoft, Meta, TikTok, X, LinkedIn, Yandex; Baidu, 360, Sogou, Tencent, Ocean Engine.
const clickIds = "gclid gbraid wbraid dclid msclkid fbclid ttclid twclid li_fat_id yclid bd_vid qhclickid sogouclickid gdt_vid qz_gdt clickid".split(" ");
const lengthMax = 500;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
};

function pairsOf(search: string): [string, string][] {
  const parts = search.replace(/^\?/, "").split("&");
  return parts.map((part) => [decoded(part.split("=")[0]!), decoded(part.split("=").slice(1).join("="))]);
}

/** `search` is a location's, with or without the question mark. `nested`: names of parameters that hold another address or search. */
export function originOf(search: string, nested: readonly string[] = []): Origin {
  const campaign: Record<string, string> = {};
  const clicks: Record<string, string> = {};
  const own = pairsOf(search);
  const inner = own.filter(([name]) => nested.includes(name)).map(([, value]) => value.slice(value.indexOf("?") + 1));
  [...pairsOf(inner.join("&")), ...own].forEach(([name, value]) => {
    const kept = value.slice(0, lengthMax);
    const utm = /^utm_(\w{1,40})$/i.exec(name)?.[1]?.toLowerCase();
    if (!kept) return;
    if (utm) campaign[segmentNames[utm] ?? utm] = kept;
    else if (clickIds.includes(name.toLowerCase())) clicks[name.toLowerCase()] = kept;
  });
  return { ...(Object.keys(campaign).length > 0 && { campaign }), ...(Object.keys(clicks).length > 0 && { clickIds: clicks }) };
}

export const isEmpty = ({ campaign, clickIds: clicks }: Origin): boolean => !campaign && !clicks;
