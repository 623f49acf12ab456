// What strace tells of the calls that it let fail. Pure.

/** The injected failures in a file of `strace -f -y -ttt`: {thread, at_ms, path} each, `path` where the call was of an open file. */
export function hits_in(text) {
  const begun = new Map(), hits = [];
  for (const line of text.split("\n")) {
    const found = /^(\d+)\s+(\d+\.\d+) (.*)$/.exec(line);
    if (!found) continue;
    const [, thread, seconds, words] = found;
    if (words.endsWith("<unfinished ...>")) begun.set(thread, words);
    if (!words.includes("(INJECTED)")) continue;
    const call = words.startsWith("<... ") ? begun.get(thread) ?? "" : words;
    hits.push({ thread, at_ms: Number(seconds) * 1000, path: /^\w+\(\d+<([^>]*)>/.exec(call)?.[1] });
  }
  return hits;
}
