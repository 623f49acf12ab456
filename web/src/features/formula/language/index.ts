// The language of formulas in the browser: what is written here is what the server understands.
import { check, checkCondition, type Surroundings } from "./check";
import { compile } from "./program";
import { parse } from "./parser";
import { Run, type Budget, type FormulaRecord, type Moment } from "./run";
import { faultOf, Trouble, type Value } from "./value";

export { check, checkCondition, compile, parse, Run, Trouble, faultOf };
export { Fault } from "./fault";
export { print, printPath, printText } from "./printer";
export { ofJson, toJson, isSame, type Expression } from "./expression";
export { readSample, type Json } from "./sample";
export { instantNamed, parseDay, Zone } from "./time";
export { kindOf, toText, type Value } from "./value";
export { Decimal } from "./decimal";
export { typeOf, listOf, type Shape, type Slot } from "./type";
export type { FormulaRecord, Moment, Surroundings };

// The value of a text for one record; what is wrong with it is thrown as a Fault.
export function evaluate(text: string, surroundings: Surroundings, record: FormulaRecord, moment: Moment, budget?: Budget): Value {
  const value = compile(check(parse(text), surroundings))(new Run(moment, budget), record);
  if (value instanceof Trouble) throw faultOf(value);
  return value;
}
