// Regular expressions in RE2's syntax → a tree; what RE2 refuses is refused in its words.
export type Test = (c: string) => boolean;
export type Syntax =
  | { form: "empty" }
  | { form: "one"; test: Test }
  | { form: "place"; where: "begin" | "end" | "line_begin" | "line_end" | "word" | "no_word" }
  | { form: "all"; parts: Syntax[] }
  | { form: "either"; parts: Syntax[] }
  | { form: "repeat"; of: Syntax; least: number; most: number; isGreedy: boolean }
  | { form: "group"; of: Syntax; index: number };

export class PatternError extends Error {}
const wrong = (what: string, shown: string): never => {
  throw new PatternError(shown === "" ? what : `${what}: ${shown}`);
};

const repeatMax = 1000;
const between = (least: string, most: string): Test => (c) => {
  const code = c.codePointAt(0)!;
  return code >= least.codePointAt(0)! && code <= most.codePointAt(0)!;
};
const not = (test: Test): Test => (c) => !test(c);
const ofExpression = (expression: RegExp): Test => (c) => expression.test(c);
const perl: Record<string, Test> = { d: ofExpression(/^[0-9]$/), s: ofExpression(/^[\t\n\f\r ]$/), w: ofExpression(/^[0-9A-Za-z_]$/) };
const posix: Record<string, Test> = {
  alnum: ofExpression(/^[0-9A-Za-z]$/), alpha: ofExpression(/^[A-Za-z]$/), ascii: (c) => c < "\x80", blank: ofExpression(/^[\t ]$/), cntrl: (c) => c < " " || c === "\x7f", digit: perl.d!,
  graph: ofExpression(/^[!-~]$/), lower: ofExpression(/^[a-z]$/), print: ofExpression(/^[ -~]$/), punct: ofExpression(/^[!-/:-@[-`{-~]$/), space: ofExpression(/^[\t\n\v\f\r ]$/), upper: ofExpression(/^[A-Z]$/),
  word: perl.w!, xdigit: ofExpression(/^[0-9A-Fa-f]$/),
};
const plainEscapes: Record<string, string> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
// Either case, with the letters beyond ASCII that are cases of ASCII letters.
const anyCase = (test: Test): Test => (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase()) || ((c === "k" || c === "K") && test("\u212a")) || ((c === "s" || c === "S") && test("\u017f"));

function unicodeClass(name: string): Test | null {
  if (name === "Any") return () => true;
  for (const property of /^[A-Z][a-z]?$/.test(name) ? [name] : [`Script=${name}`])
    try {
      const expression = new RegExp(`^\\p{${property}}$`, "u");
      return (c) => expression.test(c);
    } catch {
      // none of that name
    }
  return null;
}

interface Flags {
  isAnyCase: boolean;
  isMultiline: boolean;
  isDotAll: boolean;
  isUngreedy: boolean;
}

class PatternParser {
  groups = 0;
  private at = 0;
  private readonly points: string[];
  private flags: Flags = { isAnyCase: false, isMultiline: false, isDotAll: false, isUngreedy: false };
  private depth = 0;
  constructor(private readonly text: string) {
    this.points = [...text];
  }

  whole(): Syntax {
    const made = this.either();
    if (this.now !== undefined) wrong("unexpected )", this.text);
    return made;
  }
  private get now(): string | undefined {
    return this.points[this.at];
  }
  private from(begin: number, end = this.at): string {
    return this.points.slice(begin, end).join("");
  }
  private rest(): string {
    return this.from(this.at, this.points.length);
  }
  private startsWith(text: string): boolean {
    return this.from(this.at, this.at + text.length) === text;
  }

  private either(): Syntax {
    if (++this.depth > 1000) wrong("expression nests too deeply", this.text);
    const parts = [this.all()];
    while (this.now === "|") {
      ++this.at;
      parts.push(this.all());
    }
    --this.depth;
    return parts.length === 1 ? parts[0]! : { form: "either", parts };
  }
  private all(): Syntax {
    const parts: Syntax[] = [];
    while (this.now !== undefined && this.now !== "|" && this.now !== ")") {
      if (!this.isRepetition()) parts.push(...this.one());
      else parts.push(this.repeated(parts.pop()));
    }
    return parts.length === 1 ? parts[0]! : { form: "all", parts };
  }
  // What stands next; several for \Q…\E, none for flags.
  private one(): Syntax[] {
    const c = this.now!;
    switch (c) {
      case "(":
        return this.group();
      case "[":
        return [this.testing(this.classOf())];
      case ".":
        ++this.at;
        return [{ form: "one", test: this.flags.isDotAll ? () => true : (one) => one !== "\n" }];
      case "^":
        ++this.at;
        return [{ form: "place", where: this.flags.isMultiline ? "line_begin" : "begin" }];
      case "$":
        ++this.at;
        return [{ form: "place", where: this.flags.isMultiline ? "line_end" : "end" }];
      case "\\":
        return this.escaped();
    }
    ++this.at;
    return [this.literal(c)];
  }
  private literal(c: string): Syntax {
    return this.testing((one) => one === c);
  }
  private testing(test: Test): Syntax {
    return { form: "one", test: this.flags.isAnyCase ? anyCase(test) : test };
  }

  private counts(): { least: number; most: number; end: number } | null {
    const found = /^\{(\d+)(,(\d*))?\}/.exec(this.from(this.at, this.at + 30));
    if (!found || (found[1]!.length > 1 && found[1]!.startsWith("0")) || ((found[3]?.length ?? 0) > 1 && found[3]!.startsWith("0"))) return null;
    const least = Number(found[1]);
    return { least, most: found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]), end: this.at + found[0].length };
  }
  private isRepetition(): boolean {
    return this.now === "*" || this.now === "+" || this.now === "?" || (this.now === "{" && this.counts() !== null);
  }
  // What stands before (undefined: nothing), repeated as it is told here; told twice, it is refused.
  private repeated(of: Syntax | undefined): Syntax {
    const begin = this.at;
    const counts = this.now === "{" ? this.counts() : null;
    const sign = this.now!;
    this.at = counts?.end ?? this.at + 1;
    const isLazy = this.now === "?";
    if (isLazy) ++this.at;
    const shown = this.from(begin);
    if (counts && (counts.least > repeatMax || (counts.most !== Infinity && counts.most > repeatMax) || counts.most < counts.least)) wrong("invalid repetition size", shown);
    if (!of) return wrong("no argument for repetition operator", shown);
    const [least, most] = counts ? [counts.least, counts.most] : sign === "*" ? [0, Infinity] : sign === "+" ? [1, Infinity] : [0, 1];
    const made: Syntax = { form: "repeat", of, least, most, isGreedy: isLazy === this.flags.isUngreedy };
    if (counts && timesOf(made) > repeatMax) wrong("invalid repetition size", shown);
    if (this.isRepetition()) {
      this.at = this.endOfRepetition();
      wrong("bad repetition operator", this.from(begin));
    }
    return made;
  }
  private endOfRepetition(): number {
    const end = (this.now === "{" ? this.counts()?.end : undefined) ?? this.at + 1;
    return this.points[end] === "?" ? end + 1 : end;
  }

  private group(): Syntax[] {
    const begin = this.at;
    if (!this.startsWith("(?")) {
      ++this.at;
      return [this.captured()];
    }
    const named = /^\(\?P?<([^>]*)(>?)/.exec(this.rest());
    if (named && !/^\(\?<[=!]/.test(named[0])) {
      const [shown, name, closing] = named as unknown as [string, string, string];
      if (!shown.startsWith("(?P")) wrong("invalid perl operator", "(?<");
      if (closing === "") wrong("invalid named capture group", this.rest());
      if (!/^[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]+$/u.test(name)) wrong("invalid named capture group", shown);
      this.at += [...shown].length;
      return [this.captured()];
    }
    return this.flagged(begin);
  }
  private captured(): Syntax {
    const index = ++this.groups;
    const kept = this.flags;
    const of = this.either();
    this.close();
    this.flags = kept;
    return { form: "group", of, index };
  }
  private close(): void {
    if (this.now !== ")") wrong("missing )", this.text);
    ++this.at;
  }
  // (?i) to the group's end, (?i:…)
  private flagged(begin: number): Syntax[] {
    this.at += 2;
    const kept = this.flags;
    let next = { ...kept };
    let isOn = true;
    let hasSign = false;
    for (;;) {
      const c = this.now;
      if (c === undefined) return wrong("invalid perl operator", this.from(begin));
      ++this.at;
      if (c === "i") next.isAnyCase = isOn;
      else if (c === "m") next.isMultiline = isOn;
      else if (c === "s") next.isDotAll = isOn;
      else if (c === "U") next.isUngreedy = isOn;
      else if (c === "-" && !hasSign) {
        isOn = false;
        hasSign = true;
        next = { ...next };
        if (this.now === ")" || this.now === ":") wrong("invalid perl operator", this.from(begin, this.at + 1));
        continue;
      } else if (c === ")") {
        this.flags = next;
        return [];
      } else if (c === ":") {
        this.flags = next;
        const of = this.either();
        this.close();
        this.flags = kept;
        return [of];
      } else wrong("invalid perl operator", this.from(begin));
    }
  }

  private escaped(): Syntax[] {
    const next = this.points[this.at + 1];
    if (next === undefined) return wrong("trailing \\", "");
    const places: Record<string, Syntax> = { A: { form: "place", where: "begin" }, z: { form: "place", where: "end" }, b: { form: "place", where: "word" }, B: { form: "place", where: "no_word" } };
    if (places[next]) {
      this.at += 2;
      return [places[next]];
    }
    if (next === "C") {
      this.at += 2;
      return [{ form: "one", test: () => true }];
    }
    if (next === "Q") return this.quoted();
    const test = this.classEscape();
    if (test) return [this.testing(test)];
    return [this.literal(this.character())];
  }
  private quoted(): Syntax[] {
    this.at += 2;
    const parts: Syntax[] = [];
    while (this.now !== undefined && !this.startsWith("\\E")) {
      parts.push(this.literal(this.now));
      ++this.at;
    }
    if (this.now !== undefined) this.at += 2;
    return parts;
  }
  // \d, \pL, \p{Han}; null for another escape.
  private classEscape(): Test | null {
    const next = this.points[this.at + 1]!;
    const own = perl[next.toLowerCase()];
    if (own && /^[dsw]$/i.test(next)) {
      this.at += 2;
      return next === next.toLowerCase() ? own : not(own);
    }
    if (next !== "p" && next !== "P") return null;
    const begin = this.at;
    this.at += 2;
    if (this.now === undefined) return wrong("invalid character class range", this.from(begin));
    let name = this.now;
    ++this.at;
    if (name === "{") {
      const end = this.points.indexOf("}", this.at);
      if (end < 0) return wrong("invalid character class range", this.from(begin, this.points.length));
      name = this.from(this.at, end);
      this.at = end + 1;
    }
    const isDenied = name.startsWith("^");
    const test = unicodeClass(isDenied ? name.slice(1) : name);
    if (!test) return wrong("invalid character class range", this.from(begin));
    return (next === "P") !== isDenied ? not(test) : test;
  }
  private character(): string {
    const begin = this.at;
    const c = this.points[++this.at];
    if (c === undefined) return wrong("trailing \\", "");
    ++this.at;
    const rest = this.from(this.at, this.at + 12);
    const octal = /^[0-7]{0,2}/.exec(rest)![0];
    if (c === "0" || (c >= "1" && c <= "7" && octal !== "")) {
      this.at += octal.length;
      return String.fromCodePoint(parseInt(c + octal, 8));
    }
    if (c === "x") {
      const hex = /^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/.exec(rest);
      const code = parseInt(hex?.[1] ?? hex?.[2] ?? "", 16);
      if (!hex || code > 0x10ffff) return wrong("invalid escape sequence", this.from(begin, Math.min(this.points.length, this.at + 1)));
      this.at += hex[0].length;
      return String.fromCodePoint(code);
    }
    if (Object.hasOwn(plainEscapes, c)) return plainEscapes[c]!;
    if (c < "\x80" && !/[0-9A-Za-z_]/.test(c)) return c;
    return wrong("invalid escape sequence", this.from(begin));
  }

  private classOf(): Test {
    const begin = this.at;
    const missing = (): never => wrong("missing ]", this.from(begin, this.points.length));
    const tests: Test[] = [];
    ++this.at;
    const isDenied = this.now === "^";
    if (isDenied) ++this.at;
    for (let isFirst = true; isFirst || this.now !== "]"; isFirst = false) {
      if (this.now === undefined) return missing();
      const named = /^\[:(\^?)(.*?):\]/.exec(this.rest());
      if (named || this.startsWith("[:")) {
        if (named) {
          const own = Object.hasOwn(posix, named[2]!) ? posix[named[2]!] : undefined;
          if (!own) return wrong("invalid character class range", named[0]);
          this.at += named[0].length;
          tests.push(named[1] ? not(own) : own);
          continue;
        }
      }
      const own = this.now === "\\" && this.points[this.at + 1] !== undefined ? this.classEscape() : null;
      if (own) {
        tests.push(own);
        continue;
      }
      tests.push(this.range(missing));
    }
    ++this.at;
    const any: Test = (c) => tests.some((test) => test(c));
    if (!this.flags.isAnyCase) return isDenied ? not(any) : any;
    const either = anyCase(any);
    return isDenied ? not(either) : either;
  }
  private range(missing: () => never): Test {
    const begin = this.at;
    const least = this.member(missing);
    if (this.now !== "-" || this.points[this.at + 1] === "]" || this.points[this.at + 1] === undefined) return (c) => c === least;
    ++this.at;
    const most = this.member(missing);
    if (most.codePointAt(0)! < least.codePointAt(0)!) wrong("invalid character class range", this.from(begin));
    return between(least, most);
  }
  private member(missing: () => never): string {
    if (this.now === undefined) return missing();
    return this.now === "\\" ? this.character() : this.points[this.at++]!;
  }
}

// How often the innermost is repeated, where it is counted.
function timesOf(of: Syntax): number {
  switch (of.form) {
    case "repeat":
      return (Number.isFinite(of.most) ? Math.max(1, of.most) : Math.max(1, of.least)) * timesOf(of.of);
    case "group":
      return timesOf(of.of);
    case "all":
    case "either":
      return of.parts.reduce((most, part) => Math.max(most, timesOf(part)), 1);
    default:
      return 1;
  }
}

export function parsePattern(text: string): { syntax: Syntax; groups: number } {
  const parser = new PatternParser(text);
  const syntax = parser.whole();
  return { syntax, groups: parser.groups };
}
