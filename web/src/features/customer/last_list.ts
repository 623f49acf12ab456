// How the list stood, and where in it somebody was, when they went from it to a customer: the way back leads there. Of this tab alone, and gone with it.
import { stringifySearch, type Words } from "../../design/address";

export interface Place {
  offset: number; // px that were scrolled away
  row: number; // that had the focus; -1: none
}
const beginning: Place = { offset: 0, row: -1 };
let last: { words: Words; place: Place } = { words: {}, place: beginning };

const isLast = (words: Words): boolean => stringifySearch(words) === stringifySearch(last.words);
export const noteList = (words: Words): void => {
  if (!isLast(words)) last = { words, place: beginning };
};
export const notePlace = (place: Place): void => {
  last = { ...last, place };
};
export const lastList = (): Words => last.words;
export const placeIn = (words: Words): Place => (isLast(words) ? last.place : beginning);
