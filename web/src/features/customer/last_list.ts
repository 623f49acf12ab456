// How the list stood, and where in it somebody was, when they went from it to a customer: the way back leads there. Of this tab and this user alone, and gone with it.
import { stringifySearch, type Words } from "../../design/address";

export interface Place {
  offset: number; // px that were scrolled away
  row: number; // that had the focus; -1: none
}
const beginning: Place = { offset: 0, row: -1 };
let last: { user: string; words: Words; place: Place } = { user: "", words: {}, place: beginning };

const isLast = (user: string, words: Words): boolean => user === last.user && stringifySearch(words) === stringifySearch(last.words);
export const noteList = (user: string, words: Words): void => {
  if (!isLast(user, words)) last = { user, words, place: beginning };
};
export const notePlace = (place: Place): void => {
  last = { ...last, place };
};
export const lastList = (user: string): Words => (user === last.user ? last.words : {});
export const placeIn = (user: string, words: Words): Place => (isLast(user, words) ? last.place : beginning);
