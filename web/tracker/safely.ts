/** Whatever goes wrong in `work` is said on the console and stays here. */
export function safely<Words extends unknown[]>(work: (...words: Words) => unknown): (...words: Words) => void {
  return (...words) => {
    try {
      work(...words);
    } catch (thrown) {
      console.warn("onefold:", thrown);
    }
  };
}
