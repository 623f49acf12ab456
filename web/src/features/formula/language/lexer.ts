// The text of a formula as words. Full-width signs, as Chinese input methods write them, are the signs they look like.
import { bytesOf, Fault, said, type Span } from "./fault";

export interface Token {
  kind: "number" | "text" | "name" | "quoted" | "sign" | "end";
  text: string;
  at: Span;
  isAfterBlank: boolean;
}

export const textBytesMax = 8192;
const blanks = new Set([" ", "\t", "\n", "\r", "\u00a0", "\u3000", "\ufeff", "\u200b"]);
const isDigit = (c: string | undefined): boolean => c !== undefined && ((c >= "0" && c <= "9") || (c >= "\uff10" && c <= "\uff19"));
const isPoint = (c: string | undefined): boolean => c === "." || c === "\uff0e";
const beginsName = (c: string | undefined): boolean => c !== undefined && /^[_\p{L}]$/u.test(c);
const goesOn = (c: string | undefined): boolean => c !== undefined && /^[_\p{L}\p{Nd}\p{Mn}\p{Mc}\p{Nl}\p{No}]$/u.test(c);

const likeSigns: Record<string, string> = { "×": "*", "÷": "/", "\u2212": "-", "≠": "<>", "≤": "<=", "≥": ">=", "、": ",", ";": ",", "\uff1b": "," };
function signOf(c: string | undefined): string {
  if (c === undefined) return "";
  const like = likeSigns[c];
  if (like) return like;
  const code = c.codePointAt(0)!;
  const narrow = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : c;
  return narrow.length === 1 && "(){},.+-*/^%&=<>!".includes(narrow) ? narrow : "";
}
const endOfQuotation: Record<string, string> = { '"': '"', "\uff02": "\uff02", "“": "”", "'": "'", "[": "]" };
export const closingOf = (quote: string): string => endOfQuotation[quote] ?? "";
const pairs = new Set(["<>", "<=", ">=", "!=", "=="]);

class Lexer {
  readonly tokens: Token[] = [];
  private index = 0;
  private begin = 0;
  private readonly points: string[];
  constructor(text: string) {
    this.points = [...text];
  }

  all(): Token[] {
    for (;;) {
      const isAfterBlank = this.skipBlanks();
      this.begin = this.index;
      const [kind, text] = this.now === undefined ? (["end", ""] as const) : this.next();
      this.tokens.push({ kind, text, at: this.span(), isAfterBlank });
      if (kind === "end") return this.tokens;
    }
  }

  private get now(): string | undefined {
    return this.points[this.index];
  }
  private span(): Span {
    return { begin: this.begin, length: this.index - this.begin };
  }
  private fault(en: string, zh: string): Fault {
    return new Fault(this.span(), "formula.syntax", said(en, zh));
  }
  private skipBlanks(): boolean {
    const begin = this.index;
    while (this.now !== undefined && blanks.has(this.now)) ++this.index;
    return this.index !== begin;
  }

  private next(): readonly [Token["kind"], string] {
    if (isDigit(this.now) || (isPoint(this.now) && this.isNextDigit())) return this.number();
    if (beginsName(this.now)) return ["name", this.rest()];
    const end = endOfQuotation[this.now!];
    return end ? this.quotation(end) : this.sign();
  }
  private rest(): string {
    const begin = this.index;
    while (goesOn(this.now)) ++this.index;
    return this.points.slice(begin, this.index).join("");
  }
  private isNextDigit(): boolean {
    const last = this.tokens.at(-1);
    const isBehindName = last !== undefined && last.at.begin + last.at.length === this.index && (last.kind === "name" || last.kind === "quoted");
    const next = this.points[this.index + 1];
    return !isBehindName && next !== undefined && next >= "0" && next <= "9";
  }
  private number(): readonly [Token["kind"], string] {
    let text = "";
    for (let hasPoint = false; isDigit(this.now) || (isPoint(this.now) && !hasPoint); ++this.index) {
      hasPoint ||= isPoint(this.now);
      text += isPoint(this.now) ? "." : this.now!.normalize("NFKC");
    }
    if (beginsName(this.now)) {
      this.rest();
      throw this.fault("a number stands right before letters. A name that begins with a digit is quoted: '2nd'.", "数字与文字之间缺少运算符。以数字开头的名称须加引号：'2号'。");
    }
    return ["number", text];
  }
  private quotation(end: string): readonly [Token["kind"], string] {
    const isName = end === "'" || end === "]";
    let text = "";
    ++this.index;
    while (this.now !== undefined) {
      if (this.now === end) {
        ++this.index;
        if (this.now !== end) return [isName ? "quoted" : "text", text];
      }
      text += this.now;
      ++this.index;
    }
    throw isName
      ? this.fault("the name that begins here has no closing quotation mark.", "此处开始的名称缺少结尾的引号。")
      : this.fault("the text that begins here has no closing quotation mark.", "此处开始的文本缺少结尾的引号。");
  }
  private sign(): readonly [Token["kind"], string] {
    const code = this.now!.codePointAt(0)!;
    const shown = code < 0x20 || code === 0x7f ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : this.now!;
    let text = signOf(this.now);
    ++this.index;
    const second = signOf(this.now);
    if (text.length === 1 && second.length === 1 && pairs.has(text + second)) {
      text += second;
      ++this.index;
    }
    if (text === "!=") text = "<>";
    if (text === "==") text = "=";
    if (text === "" || text === "!") throw this.fault(`“${shown}” has no meaning in a formula.`, `公式中不能使用“${shown}”。`);
    return ["sign", text];
  }
}

const isUnpaired = (text: string): boolean => /[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));

// The last token is of the kind `end`.
export function lex(text: string): Token[] {
  if (bytesOf(text) > textBytesMax) throw new Fault({ begin: 0, length: 0 }, "formula.too_long", said(`a formula has at most ${textBytesMax} bytes.`, `公式最多 ${textBytesMax} 字节。`));
  if (text.includes("\0") || isUnpaired(text)) throw new Fault({ begin: 0, length: 0 }, "formula.syntax", said("the formula holds bytes that are no text.", "公式中含有无法识别的字符。"));
  return new Lexer(text).all();
}

// The words up to where one is none, and where that is: for a text that is being written.
export function lexLoosely(text: string): { tokens: Token[]; open: number | null } {
  const lexer = new Lexer(text);
  try {
    lexer.all();
    return { tokens: lexer.tokens, open: null };
  } catch (thrown) {
    if (thrown instanceof Fault) return { tokens: lexer.tokens, open: thrown.at.begin };
    throw thrown;
  }
}

// Whether a name needs no quotation marks.
export function isPlainName(name: string): boolean {
  const points = [...name];
  return points.length > 0 && points.every((c, i) => (i === 0 ? beginsName(c) : goesOn(c)));
}
