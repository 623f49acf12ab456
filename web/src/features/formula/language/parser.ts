// Text → tree. Binding is a spreadsheet's; what the server's parser refuses is refused here, in the same words.
import { Decimal } from "./decimal";
import { arityOf, call, codeLengthMax, depthMax, field, literal, membersMax, operatorOf, pathLengthMax, type Expression, type Operator } from "./expression";
import { beginningOf, Fault, lengthOf, said, upperAscii, wrongCount, type LocalText, type Span } from "./fault";
import { findFunction } from "./functions";
import { lex, type Token } from "./lexer";

const nestingMax = 200;
interface Infix {
  sign: string;
  op: Operator;
  level: number;
  gathers: boolean;
}
const infixes: Infix[] = [
  ["OR", "or", 1, true], ["AND", "and", 2, true], ["=", "=", 4, false], ["<>", "<>", 4, false], ["<", "<", 4, false], ["<=", "<=", 4, false], [">", ">", 4, false], [">=", ">=", 4, false],
  ["&", "&", 5, true], ["+", "+", 6, true], ["-", "-", 6, false], ["*", "*", 7, true], ["/", "/", 7, false], ["^", "^", 8, false],
].map(([sign, op, level, gathers]) => ({ sign, op, level, gathers }) as Infix);
const levelOr = 1;
const levelAnd = 2;
const levelNot = 3;
const levelComparison = 4;

export const depthOf = (expression: Expression): number => (expression.form === "call" ? expression.args.reduce((deepest, arg) => Math.max(deepest, depthOf(arg)), 0) + 1 : 1);
const isPositive = (expression: Expression): expression is Expression & { form: "literal"; value: Decimal } =>
  expression.form === "literal" && expression.value instanceof Decimal && !expression.value.isNegative && !expression.value.isZero;
const aValue = said("a value, a field or a function", "值、字段或函数");
const tooDeep = (at: Span) => new Fault(at, "formula.too_deep", said(`formulas nest at most ${depthMax} deep.`, `公式最多嵌套 ${depthMax} 层。`));
const tooMany = (at: Span) => new Fault(at, "formula.wrong_count", said(`at most ${membersMax} parts are allowed here.`, `此处最多 ${membersMax} 项。`));

class Parser {
  private at = 0;
  private nesting = 0;
  constructor(private readonly tokens: Token[]) {}

  whole(): Expression {
    if (this.isSign("=")) ++this.at;
    if (this.isAtEnd()) throw new Fault(this.now.at, "formula.syntax", said("the formula is empty.", "公式为空。"));
    const expression = this.infix(levelOr);
    if (!this.isAtEnd()) throw this.unexpected(said("an operator such as +, = or AND, or the end", "运算符（如 +、=、AND）或公式结尾"));
    if (depthOf(expression) > depthMax) throw tooDeep(expression.at);
    return expression;
  }

  private get now(): Token {
    return this.tokens[this.at]!;
  }
  private get ahead(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
  }
  private isAtEnd(): boolean {
    return this.now.kind === "end";
  }
  private isSign(sign: string): boolean {
    return this.now.kind === "sign" && this.now.text === sign;
  }
  private isWord(word: string): boolean {
    return this.now.kind === "name" && upperAscii(this.now.text) === word;
  }
  private since(begin: number): Span {
    const last = this.tokens[this.at - 1]!.at;
    return { begin, length: last.begin + last.length - begin };
  }
  private unexpected(expected: LocalText): Fault {
    const { kind, text, at } = this.now;
    if (kind === "end") return new Fault(at, "formula.syntax", said(`the formula ends where ${expected.en} was expected.`, `公式在此结束，但此处应为${expected["zh-CN"]}。`));
    const shown = beginningOf(kind === "text" ? `"${text}"` : text, 60);
    return new Fault(at, "formula.syntax", said(`“${shown}” stands where ${expected.en} was expected.`, `此处是“${shown}”，但应为${expected["zh-CN"]}。`));
  }
  private infixHere(): Infix | undefined {
    return infixes.find(({ sign, level }) => (level <= levelAnd ? this.isWord(sign) : this.isSign(sign)));
  }
  private isInHere(): boolean {
    return this.isWord("IN") || (this.isWord("NOT") && this.ahead.kind === "name" && upperAscii(this.ahead.text) === "IN");
  }

  private infix(level: number): Expression {
    if (++this.nesting > nestingMax) throw tooDeep(this.now.at);
    const left = this.infixOf(level);
    --this.nesting;
    return left;
  }
  private infixOf(level: number): Expression {
    const begin = this.now.at.begin;
    let left = level <= levelNot && this.isNegation() ? this.negation() : this.percent();
    let tightest = 9; // a comparison's side ends where the next begins
    for (;;) {
      const found = this.infixHere();
      if (this.isInHere() && level <= levelComparison) {
        if (tightest <= levelComparison) throw this.chained();
        left = this.in(left, begin);
        tightest = levelComparison;
        continue;
      }
      if (!found || found.level < level) return left;
      if (found.level === levelComparison && tightest <= levelComparison) throw this.chained();
      if (found.level > levelComparison && tightest <= levelComparison) throw this.unexpected(said("AND, OR or the end", "AND、OR 或结尾"));
      left = this.taken(found, left, begin);
      tightest = Math.min(tightest, found.level);
    }
  }
  private chained(): Fault {
    return new Fault(this.now.at, "formula.syntax", said("comparisons do not chain; join two with AND: a < b AND b < c.", "比较不能连写；请用 AND 连接：a < b AND b < c。"));
  }
  private taken(sign: Infix, left: Expression, begin: number): Expression {
    const args = [left];
    do {
      ++this.at;
      args.push(this.infix(sign.level + 1));
    } while (sign.gathers && this.infixHere() === sign);
    if (args.length > membersMax) throw tooMany(this.since(begin));
    return call(sign.op, args, this.since(begin));
  }
  // NOT directly before "(" is a function.
  private isNegation(): boolean {
    const isFunction = this.ahead.kind === "sign" && this.ahead.text === "(" && !this.ahead.isAfterBlank;
    return this.isWord("NOT") && !isFunction;
  }
  private negation(): Expression {
    const begin = this.now.at.begin;
    ++this.at;
    const of = this.infix(levelNot);
    return call("not", [of], this.since(begin));
  }
  private in(left: Expression, begin: number): Expression {
    const isNot = this.isWord("NOT");
    this.at += isNot ? 2 : 1;
    const args = [left];
    if (this.isSign("(") || this.isSign("{")) {
      const closing = this.isSign("(") ? ")" : "}";
      if (this.ahead.kind === "sign" && this.ahead.text === closing) {
        this.at += 2;
        args.push(call("list", [], this.since(begin))); // x IN {}
      } else {
        ++this.at;
        this.args(args, closing);
      }
    } else args.push(this.infix(levelComparison + 1));
    if (args.length > membersMax + 1) throw tooMany(this.since(begin));
    const made = call("in", args, this.since(begin));
    return isNot ? call("not", [made], this.since(begin)) : made;
  }
  private percent(): Expression {
    const begin = this.now.at.begin;
    let value = this.signBefore();
    while (this.isSign("%")) {
      ++this.at;
      value = call("percent", [value], this.since(begin));
    }
    return value;
  }
  private signBefore(): Expression {
    const begin = this.now.at.begin;
    if (!this.isSign("-") && !this.isSign("+")) return this.primary();
    if (++this.nesting > nestingMax) throw tooDeep(this.now.at);
    const isMinus = this.isSign("-");
    ++this.at;
    const of = this.signBefore();
    --this.nesting;
    if (!isMinus) return of;
    if (isPositive(of) && this.tokens[this.at - 1]!.kind === "number") return literal(of.value.negated, this.since(begin));
    return call("negate", [of], this.since(begin));
  }

  private primary(): Expression {
    const { kind, text, at } = this.now;
    if (kind === "number") return this.number();
    if (kind === "text") {
      ++this.at;
      return literal(text, at);
    }
    if (kind === "quoted") return this.path();
    if (kind === "name") return this.word();
    if (kind === "sign" && text === "(") {
      ++this.at;
      const inner = this.infix(levelOr);
      if (!this.isSign(")")) throw this.unexpected(said("“)”", "“)”"));
      ++this.at;
      return { ...inner, at: this.since(at.begin) };
    }
    if (kind === "sign" && text === "{") {
      ++this.at;
      const members: Expression[] = [];
      this.args(members, "}");
      if (members.length > membersMax) throw tooMany(this.since(at.begin));
      return call("list", members, this.since(at.begin));
    }
    throw this.unexpected(aValue);
  }
  private number(): Expression {
    const { text, at } = this.now;
    ++this.at;
    const value = Decimal.tryParse(text);
    if (!value) throw new Fault(at, "formula.out_of_range", said("numbers have at most 38 digits, 12 of them behind the point.", "数字最多 38 位，其中小数最多 12 位。"));
    return literal(value, at);
  }
  private word(): Expression {
    const token = this.now;
    const name = upperAscii(token.text);
    if (this.ahead.kind === "sign" && this.ahead.text === "(") return this.function(name, token);
    if (name === "TRUE" || name === "FALSE") {
      ++this.at;
      return literal(name === "TRUE", token.at);
    }
    if (name === "AND" || name === "OR" || name === "IN" || name === "NOT") throw this.unexpected(aValue);
    return this.path();
  }
  private path(): Expression {
    const begin = this.now.at.begin;
    const codes: string[] = [];
    for (;;) {
      const { kind, text, at } = this.now;
      if (kind !== "name" && kind !== "quoted") throw this.unexpected(said("the name of a field", "字段名"));
      if (text === "" || text.includes(".") || lengthOf(text) > codeLengthMax || [...text].some((c) => c < " " || c === "\x7f"))
        throw new Fault(at, "formula.syntax", said(`a field's name has 1 to ${codeLengthMax} characters, no dot and no line break.`, `字段名为 1 至 ${codeLengthMax} 个字符，不含点号和换行。`));
      codes.push(text);
      ++this.at;
      if (codes.length > pathLengthMax) throw new Fault(this.since(begin), "formula.syntax", said(`a field's path has at most ${pathLengthMax} names.`, `字段路径最多含 ${pathLengthMax} 个名称。`));
      if (!this.isSign(".")) return field(codes, this.since(begin));
      ++this.at;
    }
  }
  // Behind the opening sign, up to and with the closing one.
  private args(args: Expression[], closing: string): void {
    if (this.isSign(closing)) {
      ++this.at;
      return;
    }
    for (;;) {
      args.push(this.infix(levelOr));
      if (this.isSign(closing)) break;
      if (!this.isSign(",")) throw this.unexpected(said(`“,” or “${closing}”`, `“,”或“${closing}”`));
      ++this.at;
    }
    ++this.at;
  }
  private function(name: string, token: Token): Expression {
    this.at += 2;
    const args: Expression[] = [];
    this.args(args, ")");
    const at = this.since(token.at.begin);
    if (args.length > membersMax) throw tooMany(at);
    if (args.length === 0 && (name === "TRUE" || name === "FALSE")) return literal(name === "TRUE", at);
    if (args.length === 0 && name === "BLANK") return literal(null, at);
    const canonical = findFunction(name)?.name ?? name;
    const op = operatorOf(canonical);
    if (!op) return call("call", args, at, canonical);
    const [least, most] = arityOf(op);
    if (args.length < least || args.length > most) throw wrongCount(canonical, least, most, args.length, at);
    return call(op, args, at);
  }
}

export const parse = (text: string): Expression => new Parser(lex(text)).whole();
