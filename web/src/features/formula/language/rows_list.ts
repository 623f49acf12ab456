// Functions of the family list: over values, lists, and the fields of related records. They skip blanks and "".
import { squareRoot } from "./arithmetic";
import { cut, type Decimal } from "./decimal";
import { num, type Body, type Run } from "./run";
import { compare, isEmpty, kindOf, toText, type Value } from "./value";

const everyValue = (args: Value[]): Value[] => args.flatMap((arg) => (Array.isArray(arg) ? arg : [arg]));
const refused = (run: Run, arg: Value): Value => run.fail("bad_argument", toText(arg));

// Every value that is there, those in lists too; null once the budget is spent.
function collect(run: Run, args: Value[]): Value[] | null {
  const values: Value[] = [];
  for (const value of everyValue(args)) {
    if (!run.step() || !run.mayHold(values.length)) return null;
    if (!isEmpty(value)) values.push(value);
  }
  return values;
}
const ofValues = (make: (run: Run, values: Value[], args: Value[]) => Value): Body => (run, args) => {
  const values = collect(run, args);
  return values ? make(run, values, args) : run.giveUp("too_much_memory");
};
const ofFirst = (make: (run: Run, values: Value[], args: Value[]) => Value): Body => (run, args) => ofValues((own, values) => make(own, values, args))(run, args.slice(0, 1));

const total = (values: Value[]): Decimal => values.reduce<Decimal>((sum, value) => sum.plus(value as Decimal), num(0));
const mean = (values: Value[]): Decimal => total(values).over(num(values.length));
const inOrder = (values: Value[]): Value[] => values.toSorted(compare);
const extreme = (isBetter: (order: number) => boolean) => ofValues((_, values) => (values.length === 0 ? null : values.reduce((best, value) => (isBetter(compare(value, best)) ? value : best))));

const median = ofValues((run, values) => {
  if (values.length === 0) return null;
  const sorted = inOrder(values);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : run.result(() => mean(sorted.slice(half - 1, half + 1)));
});
const keyOf = (value: Value): string => kindOf(value) + toText(value);
// The value that occurs most; the first of those that do.
const mode = ofValues((_, values) => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return values.find((value) => counts.get(keyOf(value)) === most) ?? null;
});
const deviation = ofValues((run, values) => {
  if (values.length < 2) return null;
  return run.result(() => {
    const middle = mean(values);
    const squares = values.reduce<Decimal>((sum, value) => {
      const away = (value as Decimal).minus(middle);
      return sum.plus(away.times(away));
    }, num(0));
    return squareRoot(squares.over(num(values.length - 1)));
  });
});
const unique = (values: Value[]): Value[] => {
  const met = new Set<string>();
  return values.filter((value) => !met.has(keyOf(value)) && met.add(keyOf(value)));
};

const member: Body = (run, args) => {
  const list = args[0] as Value[];
  const place = cut(args[1] as Decimal);
  return place === null || place < 1n || place > BigInt(list.length) ? refused(run, args[1]!) : list[Number(place) - 1]!;
};
// The nth from below, or from above.
const ranked = (isFromAbove: boolean) =>
  ofFirst((run, values, args) => {
    const place = cut(args[1] as Decimal);
    if (place === null || place < 1n || place > BigInt(values.length)) return refused(run, args[1]!);
    const index = Number(place);
    return inOrder(values)[isFromAbove ? values.length - index : index - 1]!;
  });
const reversed: Body = (run, args) => {
  const list = args[0] as Value[];
  return run.step(list.length) && run.mayHold(list.length) ? run.list(list.toReversed()) : run.giveUp("too_much_memory");
};

// Three-valued, as OR and AND.
const decided = (args: Value[], decides: boolean): boolean | null => {
  const values = everyValue(args);
  return values.includes(decides) ? decides : values.includes(null) ? null : !decides;
};
const has = (needsAll: boolean): Body => (run, args) => {
  const held = collect(run, args.slice(0, 1));
  const wanted = held && collect(run, args.slice(1));
  if (!wanted) return run.giveUp("too_much_memory");
  const keys = new Set(held.map(keyOf));
  return wanted.some((value) => keys.has(keyOf(value)) !== needsAll) ? !needsAll : needsAll;
};

export const listBodies: Record<string, Body> = {
  COUNT: ofValues((_, values) => num(values.length)),
  SUM: ofValues((run, values) => run.result(() => total(values))),
  AVERAGE: ofValues((run, values) => (values.length === 0 ? null : run.result(() => mean(values)))),
  MIN: extreme((order) => order < 0),
  MAX: extreme((order) => order > 0),
  MEDIAN: median,
  MODE: mode,
  PRODUCT: ofValues((run, values) => run.result(() => values.reduce<Decimal>((product, value) => product.times(value as Decimal), num(1)))),
  STDEV: deviation,
  COUNTUNIQUE: ofValues((_, values) => num(unique(values).length)),
  UNIQUE: ofValues((run, values) => run.list(unique(values))),
  SORT: ofFirst((run, values, args) => run.list(values.toSorted(args[1] === true ? (left, right) => compare(right, left) : compare))),
  REVERSE: reversed,
  FIRST: ofValues((_, values) => values[0] ?? null),
  LAST: ofValues((_, values) => values.at(-1) ?? null),
  INDEX: member,
  LARGE: ranked(true),
  SMALL: ranked(false),
  ANY: (_, args) => decided(args, true),
  ALL: (_, args) => decided(args, false),
  NONE: (_, args) => {
    const one = decided(args, true);
    return one === null ? null : !one;
  },
  HAS: has(false),
  HASALL: has(true),
};
