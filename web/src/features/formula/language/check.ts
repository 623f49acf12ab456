// Tree → checked tree, from its leaves up, each part in the scopes of the records around it. It refuses what the server refuses, in the same words.
import { arityOf, operatorOf, type Expression, type Operator } from "./expression";
import { beginningOf, Fault, nearestOf, said, upperAscii, wrongCount, type Span } from "./fault";
import { callOf, checked, counted, fit, fits, unify, wrongType, type Checked } from "./fit";
import { checkCodes } from "./check_codes";
import { checkWord, FunctionChecks } from "./check_functions";
import { findFunction } from "./functions";
import { print, printPath } from "./printer";
import type { Zone } from "./time";
import { isScalar, isType, listOf, typeOf, type Shape, type Slot, type Type } from "./type";
import { kindOf } from "./value";

export interface Surroundings {
  shape: Shape;
  zone: Zone; // in which texts without an offset are read as times
}

const partsMax = 50_000;
const truth = typeOf("truth");
const number = typeOf("number");
const text = typeOf("text");
const date = typeOf("date");
const instant = typeOf("instant");
const oneValue = said("one value", "单个值");
type Call = Expression & { form: "call" };

const isMoment = ({ type: { kind } }: Checked): boolean => kind === "date" || kind === "instant";

export class Checker {
  readonly scopes: Shape[];
  readonly zone: Zone;
  private parts = 0;
  private readonly functions = new FunctionChecks(this);

  constructor({ shape, zone }: Surroundings) {
    this.scopes = [shape];
    this.zone = zone;
  }

  part(expression: Expression, wanted?: Type): Checked {
    // A condition is looked at twice where it may be a further argument, so nesting could double the work again and again.
    if (++this.parts > partsMax) throw new Fault(expression.at, "formula.too_deep", said("too much is nested here.", "此处嵌套过多。"));
    const own = this.partOf(expression);
    const made = { ...own, at: expression.at, text: own.text || beginningOf(print(expression), 60) };
    return wanted ? fit(made, wanted, this.zone) : made;
  }
  private partOf(expression: Expression): Checked {
    if (expression.form === "literal") return checked("constant", typeOf(kindOf(expression.value)), { constant: expression.value });
    if (expression.form === "field") return this.field(expression.path, expression.at);
    if (expression.op !== "call") return this.operation(expression, expression.op);
    const op = operatorOf(expression.name);
    if (!op) return this.functions.called(expression);
    const [least, most] = arityOf(op);
    if (expression.args.length < least || expression.args.length > most) throw wrongCount(expression.name, least, most, expression.args.length, expression.at);
    return this.operation(expression, op);
  }

  private unknownField(path: string[], code: string, shapes: Shape[], at: Span): Fault {
    const upper = upperAscii(code);
    const shown = beginningOf(printPath(path), 80);
    const fault = (en: string, zh: string) => new Fault(at, "formula.unknown_field", said(en, zh));
    if (path.length === 1 && findFunction(upper)) return fault(`there is no field ${shown}; the function is written ${upper}(…).`, `没有字段 ${shown}；函数应写作 ${upper}(…)。`);
    const nearest = nearestOf(code, shapes.flatMap((shape) => shape.names()));
    if (nearest !== "") return fault(`there is no field ${shown}. Did you mean ${printPath([nearest])}?`, `没有字段 ${shown}。是否指 ${printPath([nearest])}？`);
    return fault(`there is no field ${shown}. Text stands in quotation marks: "…".`, `没有字段 ${shown}。文本须加引号："…"。`);
  }
  private field(names: string[], at: Span): Checked {
    let slot: Slot | undefined;
    let scope = this.scopes.length;
    while (scope > 0 && !slot) slot = this.scopes[--scope]!.find(names[0]!);
    if (!slot) throw this.unknownField(names, names[0]!, this.scopes, at);
    let gathered = 0; // how many steps lead to the last records of many
    const path = [slot];
    for (let i = 1; ; ++i) {
      if (slot.type.kind === "records") gathered = i;
      if (i === names.length) break;
      const before = printPath([names[i - 1]!]);
      if (!slot.target) throw new Fault(at, "formula.unknown_field", said(`${before} has no fields.`, `${before} 没有下级字段。`));
      const shape: Shape = slot.target;
      slot = shape.find(names[i]!);
      if (!slot) throw this.unknownField(names, names[i]!, [shape], at);
      path.push(slot);
    }
    const made = checked("field", slot.type, { scope, path, at });
    return gathered > 0 && gathered < path.length ? this.gathering(made, gathered, at) : made;
  }
  // orders.lines.price: the price of every line of every order.
  private gathering(toValue: Checked, steps: number, at: Span): Checked {
    if (!isScalar(toValue.type)) throw new Fault(at, "formula.wrong_type", said("the path ends neither at a value nor at records of many.", "该路径的末端不是值，也不是多条记录。"));
    const each = { ...toValue, path: toValue.path.slice(steps), scope: this.scopes.length };
    return checked("gather", listOf(toValue.type.kind), { scope: toValue.scope, at, path: toValue.path.slice(0, steps), args: [each] });
  }

  all(args: Expression[], wanted?: Type): Checked[] {
    return args.map((arg) => this.part(arg, wanted));
  }
  unified(args: Checked[], from = 0, stride = 1): Type {
    const places = args.map((_, i) => i).filter((i) => i >= from && (i - from) % stride === 0);
    return unify(args, places, this.zone);
  }

  private operation(made: Call, op: Operator): Checked {
    const given = made.args;
    switch (op) {
      case "and":
      case "or":
      case "not":
        return callOf(op, truth, this.all(given, truth));
      case "in":
        return this.membership(this.all(given));
      case "contains":
        return callOf(op, truth, this.all(given, text));
      case "blank":
        return callOf(op, truth, this.all(given).map((arg) => (arg.type.kind === "records" ? counted(arg) : arg)));
      case "ago":
        return this.ago(given);
      case "+":
      case "-":
        return this.sum(op, this.all(given));
      case "*":
      case "/":
      case "^":
      case "negate":
      case "percent":
        return callOf(op, number, this.all(given, number));
      case "&":
        return callOf(op, text, this.scalars(this.all(given)));
      case "list": {
        const args = this.scalars(this.all(given));
        return callOf(op, listOf(this.unified(args).kind), args);
      }
      case "call":
        throw new Fault(made.at, "formula.wrong_type", said("this cannot be evaluated.", "无法计算。"));
      default:
        return this.comparison(op, this.all(given), made.at);
    }
  }
  private ago(given: Expression[]): Checked {
    const args = [this.part(given[0]!, number), this.part(given[1]!, text)];
    checkWord(findFunction("AGO")!, 1, args[1]!);
    return callOf("ago", instant, args);
  }
  private scalars(args: Checked[]): Checked[] {
    for (const arg of args) if (!isScalar(arg.type)) throw wrongType(arg, oneValue);
    return args;
  }
  private comparison(op: Operator, args: Checked[], at: Span): Checked {
    const type = this.unified(this.scalars(args));
    checkCodes(args);
    if (type.kind === "truth" && op !== "=" && op !== "<>") throw new Fault(at, "formula.wrong_type", said("TRUE and FALSE have no order; compare them with = or <>.", "TRUE 与 FALSE 没有大小之分，只能用 = 或 <> 比较。"));
    return callOf(op, truth, args);
  }
  private membership(args: Checked[]): Checked {
    const [one, list] = args as [Checked, Checked];
    checkCodes(args);
    this.scalars([one]);
    if (args.length === 2 && list.type.kind === "list") {
      // In a list that is made elsewhere.
      if (list.type.each === "blank") return callOf("in", truth, args);
      const ofOne = listOf(one.type.kind);
      if (fits(list, ofOne, this.zone)) return callOf("in", truth, [one, fit(list, ofOne, this.zone)]);
      return callOf("in", truth, [fit(one, typeOf(list.type.each), this.zone), list]);
    }
    this.unified(this.scalars(args));
    return callOf("in", truth, args);
  }
  // Two at a time, where a date is among them.
  private sum(op: "+" | "-", args: Checked[]): Checked {
    return args.reduce((left, right) => this.sumOfTwo(op, left, right));
  }
  private sumOfTwo(op: "+" | "-", left: Checked, right: Checked): Checked {
    const at = { begin: left.at.begin, length: right.at.begin + right.at.length - left.at.begin };
    const made = (type: Type, first: Checked, second: Checked): Checked => ({ ...callOf(op, type, [first, second]), at, text: beginningOf(`${first.text} ${op} ${second.text}`, 60) });
    const fitting = (part: Checked, type: Type) => fit(part, type, this.zone);
    if (op === "-" && (isMoment(left) || isMoment(right)) && !fits(right, number, this.zone)) {
      const type = isType(left.type, instant) || isType(right.type, instant) ? instant : date;
      return made(number, fitting(left, type), fitting(right, type));
    }
    if (isMoment(left)) return made(left.type, left, fitting(right, number));
    if (isMoment(right) && op === "+") return made(right.type, right, fitting(left, number));
    if (isType(left.type, text) && isType(right.type, text) && !fits(left, number, this.zone)) throw new Fault(at, "formula.wrong_type", said("texts are joined with &, not with +.", "连接文本请用 &，而不是 +。"));
    return made(number, fitting(left, number), fitting(right, number));
  }
}

export function check(expression: Expression, surroundings: Surroundings): Checked {
  const made = new Checker(surroundings).part(expression);
  if (made.type.kind === "record" || made.type.kind === "records") throw wrongType(made, said("a value", "值"));
  return made;
}
export const checkCondition = (expression: Expression, surroundings: Surroundings): Checked => new Checker(surroundings).part(expression, truth);
