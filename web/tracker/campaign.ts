// Where a visit comes from, as the address says it. Pure.

export interface Origin {
  campaign?: Record<string, string>;
  clickIds?: Record<string, string>;
}

const segmentNames: Record<string, string> = { campaign: "name" };
// Google, Microsoft, Meta, TikTok, X, LinkedIn, Yandex; Baidu, 360, Sogou, Tencent, Ocean Engine.
const clickIds = "gclid gbraid wbraid dclid msclkid fbclid ttclid twclid li_fat_id yclid bd_vid qhclickid sogouclickid gdt_vid qz_gdt clickid".split(" ");
const lengthMax = 500;

/** `search` is a location's, with or without the question mark. */
export function originOf(search: string): Origin {
  const campaign: Record<string, string> = {};
  const clicks: Record<string, string> = {};
  new URLSearchParams(search).forEach((value, name) => {
    const kept = value.slice(0, lengthMax);
    const utm = /^utm_(\w{1,40})$/i.exec(name)?.[1]?.toLowerCase();
    if (!kept) return;
    if (utm) campaign[segmentNames[utm] ?? utm] = kept;
    else if (clickIds.includes(name.toLowerCase())) clicks[name.toLowerCase()] = kept;
  });
  return { ...(Object.keys(campaign).length > 0 && { campaign }), ...(Object.keys(clicks).length > 0 && { clickIds: clicks }) };
}

export const isEmpty = ({ campaign, clickIds: clicks }: Origin): boolean => !campaign && !clicks;
