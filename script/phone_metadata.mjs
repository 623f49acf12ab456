// Writes the telephone numbering plans of libphonenumber-js as a C++ table.
// node script/phone_metadata.mjs METADATA.json OUT.cc
import { readFileSync, writeFileSync } from "node:fs";

const [source, target] = process.argv.slice(2);
const metadata = JSON.parse(readFileSync(source, "utf8"));
if (metadata.version !== 4) throw new Error(`metadata of version ${metadata.version}; this script reads version 4`);

// Places in a plan's array (libphonenumber-js, source/metadata.js).
const at = { calling_code: 0, international_prefix: 1, pattern: 2, lengths: 3, national_prefix: 5, prefix_pattern: 7, prefix_rule: 8 };
const text = value => JSON.stringify(value || "").replaceAll("?", "\\?");
const lengths_of = lengths => (lengths || []).reduce((bits, length) => bits | (1 << length), 0);

function row(region, plan) {
    const prefix = plan[at.prefix_pattern] || plan[at.national_prefix];
    const cells = [region, plan[at.calling_code], plan[at.international_prefix], plan[at.pattern], prefix, plan[at.prefix_rule]];
    return `    {${cells.map(text).join(", ")}, ${lengths_of(plan[at.lengths])}u},`;
}

// The main region of a calling code comes first among those that share it.
const rows = [];
for (const regions of Object.values(metadata.country_calling_codes))
    for (const region of regions) if (region !== "001") rows.push(row(region, metadata.countries[region]));
for (const plan of Object.values(metadata.nonGeographic)) rows.push(row("001", plan));

writeFileSync(target, `// Generated from libphonenumber-js by script/phone_metadata.mjs. Do not edit.
#include "identity/phone_plan.h"

namespace onefold::identity {
namespace {
const PhonePlan plans[] = {
${rows.join("\n")}
};
} // namespace
std::span<const PhonePlan> phone_plans() { return plans; }
} // namespace onefold::identity
`);
