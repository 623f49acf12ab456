// A formula as a sentence, in the reader's language: fields by their names, what is asked in words.
import { Decimal } from "./language/decimal";
import type { Expression, Operator } from "./language/expression";
import { namedIn, type Objects } from "./editor/objects";
import { knownBeside, mayBeBlank, type Paths } from "./may_be_blank";
import type { useFormulaText } from "./texts";
import type { Field } from "./tree";

type Say = ReturnType<typeof useFormulaText>["say"];
type Call = Expression & { form: "call" };
export interface Words {
  objects: Objects;
  object: string;
  fields: Field[]; // whose choices have names
  say: Say;
  language: string;
}

const comparisons: Partial<Record<Operator, string>> = { "=": "equal", "<>": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal" };
const signs: Partial<Record<Operator, string>> = { "+": " + ", "-": " − ", "*": " × ", "/": " ÷ ", "^": " ^ ", "&": " & " };
const moments = new Set(["TODAY", "NOW", "DATE", "DATETIME", "DATEVALUE", "DATETIMEVALUE", "TODATE", "EDATE", "EOMONTH", "WORKDAY", "DATEADD", "STARTOF"]);
const ofAll = new Set(["COUNT", "SUM", "AVERAGE", "MIN", "MAX", "MEDIAN", "COUNTUNIQUE", "FIRST", "LAST"]);
const ofOne = new Set(["LEN", "UPPER", "LOWER", "TRIM", "ABS", "YEAR", "MONTH", "DAY", "AGE"]);
const ofTwo = new Set(["STARTSWITH", "ENDSWITH"]);
const ofTruth = new Set(["ANY", "ALL", "NONE"]);
const spans = new Set(["hour", "day", "week"]);

class Teller {
  constructor(
    private readonly words: Words,
    private readonly scopes: string[],
    private readonly known: Paths = new Set(),
  ) {}
  private knowing(part: Call): Teller {
    return new Teller(this.words, this.scopes, knownBeside(part, this.known));
  }
  private isUnsure(part: Expression): boolean {
    return mayBeBlank(part, this.known, ([name, ...more]) => more.length === 0 && this.scopes.some((scope) => namedIn(this.words.objects[scope] ?? [], name!)?.isSeveral));
  }
  private phrase(key: string, values?: Record<string, string | number>): string {
    return this.words.say(`said.${key}` as "said.blank", values);
  }

  tell(part: Expression): string {
    if (part.form === "field") return this.named(part.path);
    if (part.form === "call") return this.called(part);
    const { value } = part;
    if (value instanceof Decimal) return value.toString();
    if (typeof value === "string") return this.words.say("sentence.quoted", { text: value });
    return this.phrase(value === null ? "nothing" : value ? "true" : "false");
  }
  // Within another part: in parentheses where it would be read otherwise.
  private inner(part: Expression): string {
    const told = this.tell(part);
    return part.form === "call" && (part.op in signs || part.op in comparisons || ["and", "or", "not", "in"].includes(part.op)) ? this.words.say("sentence.inner", { parts: told }) : told;
  }
  private listed(parts: Expression[], of?: Expression): string {
    const choices = of?.form === "field" && of.path.length === 1 ? this.words.fields.find(({ code }) => code === of.path[0])?.choices : undefined;
    const one = (part: Expression) => {
      const value = part.form === "literal" && part.value !== null ? String(part.value) : null;
      return choices?.find((choice) => choice.value === value)?.label ?? this.tell(part);
    };
    return parts.map(one).join(this.words.say("sentence.list"));
  }

  // The field's own name, behind that of what it belongs to.
  private named(path: string[]): string {
    const { objects, language } = this.words;
    for (const scope of this.scopes) {
      let at: string | undefined = scope;
      const names: string[] = [];
      for (const name of path) {
        const found: ReturnType<typeof namedIn> = at === undefined ? undefined : namedIn(objects[at] ?? [], name);
        if (!found) break;
        names.push(found.labels[language] ?? found.labels.en ?? found.code);
        at = found.object;
      }
      if (names.length === path.length) return names.reduce((of, field) => this.phrase("path", { of, field }));
    }
    return path.join(".");
  }
  private targetOf(path: string[]): string | undefined {
    for (const scope of this.scopes) {
      let at: string | undefined = scope;
      let last: string | undefined;
      for (const name of path) {
        at = at === undefined ? undefined : namedIn(this.words.objects[at] ?? [], name)?.object;
        last = at ?? last;
      }
      if (last) return last;
    }
    return undefined;
  }

  private isMoment(part: Expression): boolean {
    if (part.form === "field") return this.scopes.some((scope) => ["instant", "date"].includes(namedIn(this.words.objects[scope] ?? [], part.path[0]!)?.kind ?? "") && part.path.length === 1);
    if (part.form !== "call") return false;
    return part.op === "ago" || (part.op === "call" && moments.has(part.name)) || ((part.op === "+" || part.op === "-") && this.isMoment(part.args[0]!));
  }
  private called(part: Call): string {
    const { op, args } = part;
    const [first, second] = args as [Expression, Expression];
    const comparison = comparisons[op];
    if (comparison) {
      const isTime = this.isMoment(first) || this.isMoment(second);
      if (comparison === "not_equal") return this.differing(first, second);
      return this.phrase(`${isTime ? "time_" : ""}${comparison}`, { left: this.inner(first), right: this.inner(second) });
    }
    const sign = signs[op];
    if (sign) return args.map((arg) => this.inner(arg)).join(sign);
    switch (op) {
      case "and":
      case "or":
        return args.map((arg) => (arg.form === "call" && (arg.op === "and" || arg.op === "or") ? this.knowing(part).inner(arg) : this.knowing(part).tell(arg))).join(this.words.say(op === "and" ? "sentence.and" : "sentence.or"));
      case "not":
        return this.denied(first);
      case "in":
        return this.phrase("in", { left: this.inner(first), values: this.listed(args.slice(1), first) });
      case "contains":
        return this.phrase("contains", { left: this.inner(first), right: this.tell(second) });
      case "blank":
        return this.phrase("blank", { name: this.inner(first) });
      case "ago":
        return this.ago(first, second);
      case "negate":
        return `−${this.inner(first)}`;
      case "percent":
        return `${this.inner(first)}%`;
      case "list":
        return this.listed(args);
      default:
        return this.function(part);
    }
  }
  // What is blank is left out, on either side.
  private differing(left: Expression, right: Expression): string {
    const unsure = [left, right].filter((side) => this.isUnsure(side));
    const [one, other] = unsure[0] === right ? [right, left] : [left, right];
    return this.phrase(["not_equal", "not_equal_known", "not_equal_both"][unsure.length]!, { left: this.inner(one), right: this.inner(other) });
  }
  private denied(of: Expression): string {
    if (of.form === "call" && of.op === "blank") return this.phrase("filled", { name: this.inner(of.args[0]!) });
    if (of.form === "call" && of.op === "in" && !of.args.slice(1).some((value) => this.isUnsure(value))) return this.phrase(this.isUnsure(of.args[0]!) ? "not_in_known" : "not_in", { left: this.inner(of.args[0]!), values: this.listed(of.args.slice(1), of.args[0]) });
    return this.phrase(this.isUnsure(of) ? "not_known" : "not", { part: this.tell(of) });
  }
  private ago(count: Expression, unit: Expression): string {
    const word = unit.form === "literal" ? String(unit.value) : "";
    const number = count.form === "literal" && count.value instanceof Decimal ? Number(count.value.toString()) : null;
    if (!spans.has(word) || number === null) return this.plain("AGO", [count, unit]);
    return this.phrase("ago", { span: this.words.say(`span.${word}` as "span.day", { count: number }) });
  }

  private function({ name, args }: Call): string {
    const [first, second, third] = args as [Expression, Expression, Expression];
    if ((ofAll.has(name) || ofTruth.has(name)) && first?.form === "field" && args.length <= 2) return this.ofRecords(name, first.path, second);
    if (ofAll.has(name) && args.length === 1) return this.phrase(`of_${name}`, { of: this.inner(first) });
    if (ofOne.has(name) && args.length === 1) return this.phrase(`of_${name}`, { of: this.inner(first) });
    if (ofTwo.has(name)) return this.phrase(`of_${name}`, { left: this.inner(first), right: this.tell(second) });
    if (name === "TODAY" && args.length === 0) return this.phrase("today");
    if (name === "NOW") return this.phrase("now");
    if (name === "BETWEEN") return this.phrase("between", { value: this.inner(first), least: this.tell(second), most: this.tell(third) });
    if (name === "HAS" || name === "HASALL") return this.phrase(name === "HAS" ? "has" : "has_all", { list: this.inner(first), values: this.listed(args.slice(1), first) });
    if (name === "IF") return third ? this.phrase("if_else", { condition: this.tell(first), value: this.inner(second), other: this.inner(third) }) : this.phrase("if", { condition: this.tell(first), value: this.inner(second) });
    return this.plain(name, args);
  }
  private plain(name: string, args: Expression[]): string {
    return `${name}(${args.map((arg) => this.tell(arg)).join(", ")})`;
  }
  // COUNT(orders, …): how many of them, where …
  private ofRecords(name: string, path: string[], condition: Expression | undefined): string {
    const target = this.targetOf(path);
    const of = this.named(path);
    const asked = condition && new Teller(this.words, target ? [target, ...this.scopes] : this.scopes).tell(condition);
    if (ofTruth.has(name)) return asked ? this.phrase(`of_${name}`, { of, condition: asked }) : this.plain(name, [{ form: "field", path, at: { begin: 0, length: 0 } }]);
    return this.phrase(`of_${name}`, { of: asked ? this.phrase("where", { of, condition: asked }) : of });
  }
}

export const sentenceOfFormula = (tree: Expression, words: Words): string => new Teller(words, [words.object]).tell(tree);
