// Calls of functions: how many arguments, of which types, and what comes out.
import type { Checker } from "./check";
import { checkCodes } from "./check_codes";
import { membersMax, type Expression } from "./expression";
import { Decimal } from "./decimal";
import { beginningOf, Fault, lowerAscii, nearestOf, said, wrongCount, type Span } from "./fault";
import { callOf, counted, fit, fits, unify, wrongType, type Checked } from "./fit";
import { findFunction, nearestFunction, paramAt, type FunctionRow, type Param } from "./functions";
import { checkPattern } from "./pattern";
import { Zone } from "./time";
import { isScalar, isType, listOf, typeOf, type Type } from "./type";
import { messageOf, Trouble } from "./value";

type Call = Expression & { form: "call" };
const truth = typeOf("truth");
const number = typeOf("number");
const aValue = said("a value", "值");

function counts(row: FunctionRow, count: number, at: Span): void {
  const least = row.params.filter((param) => !param.is_optional).length;
  const most = row.params.some((param) => param.repeats) ? membersMax : row.params.length;
  if (count < least || count > most) throw wrongCount(row.signature, least, most, count, at);
}

function given(row: FunctionRow, args: Checked[], same: Type): Type {
  const first = args[0]?.type ?? typeOf("blank");
  switch (row.give) {
    case "same":
      return same;
    case "moment":
      return first;
    case "each":
      return typeOf(first.each);
    case "list":
      return first.kind === "list" ? first : listOf("blank");
    case "values":
      return listOf(same.kind);
    case "texts":
      return listOf("text");
    default:
      return typeOf(row.give);
  }
}
function unknownWord(row: FunctionRow, { name, want, words = [] }: Param, word: string, at: Span): Fault {
  const quoted = (one: string) => (want === "text" ? `"${one}"` : one);
  const shown = beginningOf(word, 60);
  const nearest = want === "text" ? nearestOf(word, words) : "";
  const known = words.map(quoted);
  return new Fault(
    at,
    "formula.bad_argument",
    said(
      `${row.name} knows no “${shown}”: its ${name} is one of ${known.join(", ")}.${nearest === "" ? "" : ` Did you mean ${quoted(nearest)}?`}`,
      `${row.name} 不认识“${shown}”：${name} 须为 ${known.join("、")} 之一。${nearest === "" ? "" : `是否指 ${quoted(nearest)}？`}`,
    ),
  );
}
// Where the argument is written out and stands for one of a fixed set.
export function checkWord(row: FunctionRow, index: number, { form, constant, at }: Checked): void {
  const param = paramAt(row, index);
  if (form !== "constant") return;
  if (typeof constant === "string" && param.is_zone && !Zone.named(constant)) throw new Fault(at, "formula.unknown_zone", messageOf(new Trouble("unknown_zone", at, constant)));
  if (!param.words) return;
  const written = row.name === "AGO" ? (word: string) => word : lowerAscii; // AGO is looked up as it is written where nothing else is computed
  if (typeof constant === "string" && !param.words.some((word) => written(word) === written(constant))) throw unknownWord(row, param, constant, at);
  if (constant instanceof Decimal && !param.words.includes(constant.rounded(0, "toward_zero").toString())) throw unknownWord(row, param, constant.toString(), at);
}
const finished = (row: FunctionRow, type: Type, args: Checked[]): Checked => ({ ...callOf("call", type, args), row });

export class FunctionChecks {
  constructor(private readonly checker: Checker) {}

  called(made: Call): Checked {
    const row = findFunction(made.name);
    if (!row) {
      const nearest = nearestFunction(made.name);
      const shown = beginningOf(made.name, 60);
      const text = nearest === "" ? said(`there is no function ${shown}.`, `没有函数 ${shown}。`) : said(`there is no function ${shown}. Did you mean ${nearest}?`, `没有函数 ${shown}。是否指 ${nearest}？`);
      throw new Fault(made.at, "formula.unknown_function", text);
    }
    counts(row, made.args.length, made.at);
    const args: Checked[] = [];
    if (row.is_aggregate && made.args.length > 0) {
      args.push(this.checker.part(made.args[0]!));
      const aggregate = this.ofRecords(row, made, args[0]!);
      if (aggregate) return aggregate;
    }
    if (row.special && row.special !== "matches_pattern") return this.special(row, made.args, made.at);
    for (const arg of made.args.slice(args.length)) args.push(this.checker.part(arg));
    return this.withArguments(row, args);
  }

  // COUNT(orders), SUM(orders.amount), COUNT(orders, paid_at >= TODAY() - 30): the condition is asked of each record.
  private ofRecords(row: FunctionRow, made: Call, of: Checked): Checked | null {
    if (made.args.length > 2) return null;
    const isCounted = of.type.kind === "records";
    let records = isCounted ? counted(of) : of;
    if (records.form !== "gather") return null;
    if (made.args.length === 2) {
      const condition = this.conditionOf(records, made.args[1]!);
      if (!condition) return null; // SUM(orders.amount, fee)
      records = { ...records, args: [...records.args, condition] };
    }
    // ANY(orders, c) asks c of every record: it is the value, not what chooses.
    if (isCounted && ["ANY", "ALL", "NONE"].includes(row.name) && records.args.length === 2) records = { ...records, args: [records.args[1]!] };
    return this.withArguments(row, [records]);
  }
  private conditionOf(records: Checked, expression: Expression): Checked | null {
    const { scopes } = this.checker;
    const depth = scopes.length;
    try {
      scopes.push(records.path.at(-1)!.target!);
      return this.checker.part(expression, truth);
    } catch (thrown) {
      scopes.length = depth;
      if (thrown instanceof Fault && thrown.code === "formula.wrong_type" && this.isFurther(expression)) return null;
      throw thrown;
    } finally {
      scopes.length = depth;
    }
  }
  private isFurther(expression: Expression): boolean {
    try {
      return this.checker.part(expression).type.kind !== "truth";
    } catch {
      return false;
    }
  }

  private special(row: FunctionRow, expressions: Expression[], at: Span): Checked {
    const args = this.checker.all(expressions);
    const type = this.typeOfSpecial(row, args, at);
    for (const arg of args) if (arg.type.kind === "record" || arg.type.kind === "records") throw wrongType(arg, aValue);
    return finished(row, type, args);
  }
  private typeOfSpecial(row: FunctionRow, args: Checked[], at: Span): Type {
    const { zone } = this.checker;
    switch (row.special) {
      case "if":
        args[0] = fit(args[0]!, truth, zone);
        return this.checker.unified(args, 1);
      case "ifs":
        if (args.length % 2 !== 0) throw new Fault(at, "formula.wrong_count", said("IFS takes pairs: a condition and a value each.", "IFS 的参数须成对：条件和值。"));
        for (let i = 0; i < args.length; i += 2) args[i] = fit(args[i]!, truth, zone);
        return this.checker.unified(args, 1, 2);
      case "switch":
        return this.switched(args);
      case "choose":
        args[0] = fit(args[0]!, number, zone);
        return this.checker.unified(args, 1);
      case "is_error":
        return truth;
      default:
        return this.checker.unified(args);
    }
  }
  // SWITCH(what, one, value, another, value, …, else?)
  private switched(args: Checked[]): Type {
    const isKey = (i: number) => i === 0 || (i % 2 === 1 && i + 1 < args.length);
    const keys = args.map((_, i) => i).filter(isKey);
    for (const place of keys) if (!isScalar(args[place]!.type)) throw wrongType(args[place]!, said("one value", "单个值"));
    unify(args, keys, this.checker.zone);
    checkCodes(keys.map((place) => args[place]!));
    return unify(args, args.map((_, i) => i).filter((i) => !isKey(i)), this.checker.zone);
  }

  private withArguments(row: FunctionRow, args: Checked[]): Checked {
    const alike: number[] = []; // of one type
    args.forEach((arg, i) => {
      const param = paramAt(row, i);
      args[i] = this.suited(arg, param);
      checkWord(row, i, args[i]!);
      if (param.want === "same") alike.push(i);
    });
    let same = unify(args, alike, this.checker.zone);
    if (row.params.some((param) => param.want === "values")) same = this.unifyEach(row, args);
    const pattern = row.special === "matches_pattern" ? args[1] : undefined;
    if (pattern?.form === "constant" && typeof pattern.constant === "string") checkPattern(pattern.constant, pattern.at);
    if (row.name === "HAS" || row.name === "HASALL") checkCodes(args);
    return finished(row, given(row, args, same), args);
  }

  private suited(arg: Checked, { want }: Param): Checked {
    const { zone } = this.checker;
    switch (want) {
      case "text":
      case "number":
      case "truth":
      case "date":
      case "instant":
        return fit(arg, typeOf(want), zone);
      case "moment":
        if (fits(arg, typeOf("date"), zone)) return fit(arg, typeOf("date"), zone);
        return isType(arg.type, typeOf("instant")) ? arg : fit(arg, typeOf("instant"), zone);
      case "numbers":
      case "truths": {
        const one = want === "truths" ? truth : number;
        const of = arg.type.kind === "records" ? counted(arg) : arg;
        return fit(of, of.type.kind === "list" ? listOf(one.kind) : one, zone);
      }
      case "list":
        if (arg.type.kind !== "list" && arg.type.kind !== "blank") throw wrongType(arg, said("a list", "列表"));
        return arg;
      case "any":
      case "same":
        if (!isScalar(arg.type)) throw wrongType(arg, said("one value", "单个值"));
        return arg;
      case "values":
      case "parts":
        if (arg.type.kind === "records") return counted(arg);
        if (arg.type.kind === "record") throw wrongType(arg, said("a value or a list", "值或列表"));
        return arg;
    }
  }

  // Values and lists of one type, a list's members counting.
  private unifyEach(row: FunctionRow, args: Checked[]): Type {
    const { zone } = this.checker;
    const places = args.map((_, i) => i).filter((i) => paramAt(row, i).want === "values");
    const lists = places.filter((i) => args[i]!.type.kind === "list");
    const scalars = places.filter((i) => args[i]!.type.kind !== "list");
    if (lists.length === 0) return unify(args, scalars, zone);
    let each = typeOf("blank");
    for (const i of lists) {
      const own = args[i]!.type.each;
      if (each.kind === "blank" || (each.kind === "date" && own === "instant")) each = typeOf(own);
    }
    if (each.kind === "blank") each = unify(args, scalars, zone);
    for (const i of lists) args[i] = fit(args[i]!, listOf(each.kind), zone);
    for (const i of scalars) args[i] = fit(args[i]!, each, zone);
    return each;
  }
}
