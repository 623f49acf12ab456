// Functions of the family number, and the plain ones of the family logic.
import { approximate, exp, fixedOf, ln, power, quotient, squareRoot } from "./arithmetic";
import { cut, Decimal, powerOfTen, whole, type Rounding } from "./decimal";
import { num, type Body, type Run } from "./run";
import { compare, isEmpty, toText, type Value } from "./value";

const numberAt = (args: Value[], index: number): Decimal => args[index] as Decimal;
const refused = (run: Run, arg: Value): Value => run.fail("bad_argument", toText(arg));

const rounded = (how: Rounding): Body => (run, args) => {
  const places = args.length > 1 ? cut(numberAt(args, 1)) : 0n;
  return places === null || places > 40n || places < -40n ? refused(run, args[1]!) : run.result(() => numberAt(args, 0).rounded(Number(places), how));
};

const wide = 1n << 127n;
const isWide = (units: bigint): boolean => units >= wide || units < -wide;
// Both as units of one scale; null where that takes more digits than the server's numbers have.
function atOneScale(left: Decimal, right: Decimal): { left: bigint; right: bigint; places: number } | null {
  const places = Math.max(left.places, right.places);
  const [first, second] = [left.units * powerOfTen(places - left.places), right.units * powerOfTen(places - right.places)];
  return isWide(first) || isWide(second) ? null : { left: first, right: second, places };
}
// The remainder has the divisor's sign.
const modulo: Body = (run, args) => {
  if (numberAt(args, 1).isZero) return run.fail("division_by_zero");
  const pair = atOneScale(numberAt(args, 0), numberAt(args, 1));
  if (!pair) return run.fail("out_of_range");
  let rest = pair.left % pair.right;
  if (rest !== 0n && rest < 0n !== pair.right < 0n) rest += pair.right;
  return run.result(() => Decimal.ofUnits(rest, pair.places));
};
const wholeQuotient: Body = (run, args) => {
  if (numberAt(args, 1).isZero) return run.fail("division_by_zero");
  const pair = atOneScale(numberAt(args, 0), numberAt(args, 1));
  return pair ? run.result(() => Decimal.ofUnits(pair.left / pair.right, 0)) : run.fail("out_of_range");
};
// A multiple of the step. Below and above are -∞ and +∞ where the step is positive, and away where both are negative.
const multiple = (toward: "below" | "above" | "nearest"): Body => (run, args) => {
  const step = args.length > 1 ? numberAt(args, 1) : num(1);
  const number = numberAt(args, 0);
  if (step.isZero) return num(0);
  if (!number.isNegative && !number.isZero && step.isNegative) return refused(run, args[1]!);
  if (toward === "nearest" && number.isNegative !== step.isNegative && !number.isZero) return refused(run, args[1]!);
  const pair = atOneScale(number, step);
  if (!pair) return run.fail("out_of_range");
  let times = pair.left / pair.right;
  const rest = pair.left % pair.right;
  const isBelowZero = pair.left < 0n !== pair.right < 0n;
  const size = rest < 0n ? -rest : rest;
  const one = pair.right < 0n ? -pair.right : pair.right;
  if (toward === "nearest" ? size >= one - size : rest !== 0n && (toward === "above") !== isBelowZero) times += isBelowZero ? -1n : 1n;
  const units = times * pair.right;
  return isWide(units) ? run.fail("out_of_range") : run.result(() => Decimal.ofUnits(units, pair.places));
};

const isPositive = (number: Decimal): boolean => !number.isNegative && !number.isZero;
const about = (run: Run, value: bigint | null): Value => approximate(value) ?? run.fail("out_of_range");
const logarithm = (run: Run, args: Value[], base: Decimal): Value => {
  const number = numberAt(args, 0);
  if (!isPositive(number) || !isPositive(base) || base.equals(num(1))) return refused(run, isPositive(number) ? args[1]! : args[0]!);
  return about(run, quotient(ln(fixedOf(number)), ln(fixedOf(base))));
};

// Away from zero to the next even (or odd) whole number.
const toParity = (isOdd: boolean): Body => (run, args) =>
  run.result(() => {
    const outward = numberAt(args, 0).rounded(0, "away_from_zero");
    return (outward.units % 2n !== 0n) === isOdd ? outward : outward.plus(num(outward.isNegative ? -1 : 1));
  });

const divisorOf = (left: bigint, right: bigint): bigint => (right === 0n ? left : divisorOf(right, left % right));
// Whole numbers from 0 on, as GCD and LCM take them.
const overWholes = (act: (left: bigint, right: bigint) => bigint): Body => (run, args) => {
  let result: bigint | null = null;
  for (const arg of args)
    for (const value of Array.isArray(arg) ? arg : [arg]) {
      if (value === null) continue;
      if (!run.step()) return run.spent;
      const number = cut(value as Decimal);
      if (number === null || number < 0n) return refused(run, value);
      result = act(result ?? number, number);
      if (whole(num(result)) === null) return run.fail("out_of_range");
    }
  return result === null ? null : num(result);
};
const factorial: Body = (run, args) => {
  const count = cut(numberAt(args, 0));
  if (count === null || count < 0n) return refused(run, args[0]!);
  return run.result(() => {
    let result = num(1);
    for (let i = 2n; i <= count; ++i) result = result.times(num(i));
    return result;
  });
};

export const numberBodies: Record<string, Body> = {
  ABS: (_, args) => (numberAt(args, 0).isNegative ? numberAt(args, 0).negated : numberAt(args, 0)),
  SIGN: (_, args) => num(numberAt(args, 0).isZero ? 0 : numberAt(args, 0).isNegative ? -1 : 1),
  ROUND: rounded("half_away"),
  ROUNDUP: rounded("away_from_zero"),
  ROUNDDOWN: rounded("toward_zero"),
  TRUNC: rounded("toward_zero"),
  INT: (run, args) => run.result(() => numberAt(args, 0).rounded(0, "down")),
  CEILING: multiple("above"),
  FLOOR: multiple("below"),
  MROUND: multiple("nearest"),
  MOD: modulo,
  QUOTIENT: wholeQuotient,
  POWER: (run, args) => power(run, numberAt(args, 0), numberAt(args, 1)),
  SQRT: (run, args) => (numberAt(args, 0).isNegative ? refused(run, args[0]!) : squareRoot(numberAt(args, 0))),
  EXP: (run, args) => about(run, exp(fixedOf(numberAt(args, 0)))),
  LN: (run, args) => (isPositive(numberAt(args, 0)) ? about(run, ln(fixedOf(numberAt(args, 0)))) : refused(run, args[0]!)),
  LOG: (run, args) => logarithm(run, args, args.length > 1 ? numberAt(args, 1) : num(10)),
  LOG10: (run, args) => logarithm(run, args, num(10)),
  PI: () => Decimal.tryParse("3.14159265359"),
  EVEN: toParity(false),
  ODD: toParity(true),
  GCD: overWholes(divisorOf),
  LCM: overWholes((left, right) => (left === 0n || right === 0n ? 0n : (left / divisorOf(left, right)) * right)),
  FACT: factorial,
  XOR: (_, args) => args.filter((arg) => arg === true).length % 2 === 1,
  BETWEEN: (_, args) => compare(args[0]!, args[1]!) >= 0 && compare(args[0]!, args[2]!) <= 0,
  ISFILLED: (_, args) => !isEmpty(args[0]!),
};
