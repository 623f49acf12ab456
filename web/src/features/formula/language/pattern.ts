// Regular expressions that run in linear time, as RE2's do: all ways at once, the first in order of preference wins.
import { bytesOf, Fault, type Span } from "./fault";
import { parsePattern, PatternError, type Syntax, type Test } from "./pattern_syntax";
import { Draft, type Body, type Run } from "./run";
import { messageOf, Trouble, type Value } from "./value";

type Step = { do: "one"; test: Test } | { do: "place"; where: string } | { do: "split"; first: number; second: number } | { do: "jump"; to: number } | { do: "save"; slot: number } | { do: "match" };
const stepsMax = 20_000;

export class Pattern {
  private readonly steps: Step[] = [];
  readonly groups: number;

  constructor(text: string) {
    const { syntax, groups } = parsePattern(text);
    this.groups = groups;
    this.write({ form: "group", of: syntax, index: 0 });
    this.add({ do: "match" });
  }

  private add(step: Step): number {
    if (this.steps.length >= stepsMax) throw new PatternError("pattern too large - compile failed");
    return this.steps.push(step) - 1;
  }
  private write(of: Syntax): void {
    switch (of.form) {
      case "empty":
        return;
      case "one":
        this.add({ do: "one", test: of.test });
        return;
      case "place":
        this.add({ do: "place", where: of.where });
        return;
      case "all":
        for (const part of of.parts) this.write(part);
        return;
      case "either":
        return this.writeEither(of.parts);
      case "group":
        this.add({ do: "save", slot: 2 * of.index });
        this.write(of.of);
        this.add({ do: "save", slot: 2 * of.index + 1 });
        return;
      case "repeat":
        return this.writeRepeat(of);
    }
  }
  private writeEither(parts: Syntax[]): void {
    const jumps: (Step & { do: "jump" })[] = [];
    parts.forEach((part, i) => {
      const isLast = i === parts.length - 1;
      const split: Step = { do: "split", first: this.steps.length + 1, second: 0 };
      if (!isLast) this.add(split);
      this.write(part);
      if (isLast) return;
      const jump: Step & { do: "jump" } = { do: "jump", to: 0 };
      this.add(jump);
      jumps.push(jump);
      split.second = this.steps.length;
    });
    for (const jump of jumps) jump.to = this.steps.length;
  }
  private choice(isGreedy: boolean): (inside: number, outside: number) => void {
    const split: Step & { do: "split" } = { do: "split", first: 0, second: 0 };
    this.add(split);
    return (inside, outside) => {
      [split.first, split.second] = isGreedy ? [inside, outside] : [outside, inside];
    };
  }
  private writeRepeat({ of, least, most, isGreedy }: Syntax & { form: "repeat" }): void {
    const isEndless = most === Infinity;
    for (let i = 0; i < (isEndless ? Math.max(least - 1, 0) : least); ++i) this.write(of);
    if (!isEndless) {
      const ends = Array.from({ length: most - least }, () => {
        const choose = this.choice(isGreedy);
        const inside = this.steps.length;
        this.write(of);
        return (outside: number) => choose(inside, outside);
      });
      for (const end of ends) end(this.steps.length);
      return;
    }
    // x* is (x+)?, so that what may be empty keeps its order of preference.
    const skip = least === 0 ? this.choice(isGreedy) : null;
    const begin = this.steps.length;
    this.write(of);
    this.choice(isGreedy)(begin, this.steps.length);
    skip?.(begin, this.steps.length);
  }

  // The places (in code points) of the whole and of its groups, from `start` on; -1 where a group took no part.
  match(points: string[], start: number): number[] | null {
    let found: number[] | null = null;
    let now: [number, number[]][] = [];
    for (let at = start; at <= points.length; ++at) {
      const visited = new Set<number>();
      const list: [number, number[]][] = [];
      for (const [step, saved] of now) this.follow(step, saved, at, points, visited, list);
      if (!found) this.follow(0, Array.from({ length: 2 * (this.groups + 1) }, () => -1), at, points, visited, list);
      if (list.length === 0 && found) return found;
      now = [];
      for (const [step, saved] of list) {
        const own = this.steps[step]!;
        if (own.do === "match") {
          found = saved;
          break; // what is less preferred is dropped
        }
        if (own.do === "one" && at < points.length && own.test(points[at]!)) now.push([step + 1, saved]);
      }
      if (now.length === 0 && found) return found;
    }
    return found;
  }
  private follow(first: number, from: number[], at: number, points: string[], visited: Set<number>, list: [number, number[]][]): void {
    const open: [number, number[]][] = [[first, from]];
    while (open.length > 0) {
      const [step, saved] = open.pop()!;
      if (visited.has(step)) continue;
      visited.add(step);
      const own = this.steps[step]!;
      if (own.do === "jump") open.push([own.to, saved]);
      else if (own.do === "split") open.push([own.second, saved], [own.first, saved]);
      else if (own.do === "save") open.push([step + 1, saved.with(own.slot, at)]);
      else if (own.do === "place") {
        if (isPlace(own.where, points, at)) open.push([step + 1, saved]);
      } else list.push([step, saved]);
    }
  }
}

const isWordAt = (points: string[], at: number): boolean => at >= 0 && at < points.length && /^[0-9A-Za-z_]$/.test(points[at]!);
function isPlace(where: string, points: string[], at: number): boolean {
  if (where === "begin") return at === 0;
  if (where === "end") return at === points.length;
  if (where === "line_begin") return at === 0 || points[at - 1] === "\n";
  if (where === "line_end") return at === points.length || points[at] === "\n";
  return (isWordAt(points, at - 1) !== isWordAt(points, at)) === (where === "word");
}

// The patterns that were met last.
const kept = new Map<string, Pattern | PatternError>();
function made(text: string): Pattern | PatternError {
  try {
    return new Pattern(text);
  } catch (thrown) {
    if (thrown instanceof PatternError) return thrown;
    throw thrown;
  }
}
function patternOf(run: Run, text: string): Pattern | PatternError {
  const known = kept.get(text);
  if (known) return known;
  run.step(200);
  if (kept.size >= 64) kept.clear();
  const pattern = made(text);
  kept.set(text, pattern);
  return pattern;
}
export function checkPattern(text: string, at: Span): void {
  const pattern = made(text);
  if (pattern instanceof PatternError) throw new Fault(at, "formula.bad_pattern", messageOf(new Trouble("bad_pattern", at, pattern.message)));
}

// With the pattern of the second argument, or the error that it is none.
const withPattern = (use: (run: Run, points: string[], pattern: Pattern, args: string[]) => Value): Body => (run, args) => {
  const [text, source] = args as [string, string];
  const isGoing = run.stepOver(16 * bytesOf(text));
  if (bytesOf(source) > 1000) return run.fail("bad_pattern", source);
  if (!isGoing) return run.spent;
  const pattern = patternOf(run, source);
  return pattern instanceof PatternError ? run.fail("bad_pattern", pattern.message) : use(run, [...text], pattern, args as string[]);
};

const extract = withPattern((run, points, pattern, args) => {
  const found = pattern.match(points, 0);
  if (!found) return run.fail("not_found", args[1]!);
  const slot = pattern.groups > 0 ? 2 : 0;
  return found[slot]! < 0 ? null : points.slice(found[slot]!, found[slot + 1]!).join("");
});

// What is wrong with the text that \1 stands in, as RE2 says it.
function troubleIn(rewrite: string, groups: number): string | null {
  let most = 0;
  for (let i = 0; i < rewrite.length; ++i) {
    if (rewrite[i] !== "\\") continue;
    const next = rewrite[++i];
    if (next === undefined) return "Rewrite schema error: '\\' not allowed at end.";
    if (next === "\\") continue;
    if (!/[0-9]/.test(next)) return "Rewrite schema error: '\\' must be followed by a digit or '\\'.";
    most = Math.max(most, Number(next));
  }
  return most > groups ? `Rewrite schema requests ${most} matches, but the regexp only has ${groups} parenthesized subexpressions.` : null;
}
const replace = withPattern((run, points, pattern, args) => {
  const rewrite = args[2]!;
  const trouble = troubleIn(rewrite, pattern.groups);
  if (trouble !== null) return run.fail("bad_pattern", trouble);
  const draft = new Draft(run);
  const part = (from: number, to?: number) => points.slice(from, to).join("");
  for (let from = 0, at = 0; run.step(); ) {
    const found = at > points.length ? null : pattern.match(points, at);
    if (!found) {
      draft.add(part(from));
      break;
    }
    const [begin, end] = found as [number, number];
    const fresh = rewrite.replace(/\\([0-9\\])/g, (_, which: string) => (which === "\\" ? "\\" : found[2 * Number(which)]! < 0 ? "" : part(found[2 * Number(which)]!, found[2 * Number(which) + 1])));
    if (!draft.add(part(from, begin)) || !draft.add(fresh)) break;
    from = end;
    at = begin === end ? from + 1 : from; // an empty match goes on behind the next character
  }
  return draft.value();
});

export const patternBodies: Record<string, Body> = {
  REGEXMATCH: withPattern((_, points, pattern) => pattern.match(points, 0) !== null),
  REGEXEXTRACT: extract,
  REGEXREPLACE: replace,
};
