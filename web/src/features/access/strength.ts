// A rough and honest meter: length first, then variety. The server has the last word.
export const lengthLeast = 12;

export function strengthOf(password: string): 0 | 1 | 2 | 3 {
  const length = [...password].length;
  if (length < lengthLeast) return 0;
  const distinct = new Set(password.toLowerCase()).size;
  if (distinct < 6) return 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u, /\p{Lo}/u].filter((kind) => kind.test(password)).length;
  return length >= 18 || (length >= 14 && kinds >= 3) ? 3 : distinct < 8 ? 1 : 2;
}
export const missingLength = (password: string): number => Math.max(0, lengthLeast - [...password].length);
