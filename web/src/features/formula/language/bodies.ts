// What the functions of the table do; the special forms and the operators of the tree have none here.
import { dateBodies } from "./rows_date";
import { listBodies } from "./rows_list";
import { numberBodies } from "./rows_number";
import { patternBodies } from "./pattern";
import { textBodies } from "./rows_text";
import type { Body } from "./run";

export const bodies: Record<string, Body | undefined> = { ...textBodies, ...patternBodies, ...numberBodies, ...dateBodies, ...listBodies };
