// What an evaluation works with: the record it is about, the moment it happens at, and how much it may take. Steps and bytes are counted as the server counts them.
import { Decimal, DecimalTrouble } from "./decimal";
import { bytesOf, type Span } from "./fault";
import { Day, floorBig, dayMicros, Instant, isoWeekdayOf, type Zone } from "./time";
import { Trouble, type Value, type Why } from "./value";

export interface FormulaRecord {
  value(key: string): Value;
  related(key: string): FormulaRecord | null;
  records(key: string): readonly FormulaRecord[];
}
export interface Moment {
  now: Instant;
  zone: Zone;
  isWorkingDay?: (days: number) => boolean;
}
export interface Budget {
  steps: number;
  milliseconds: number;
  bytes: number;
}
const usual: Budget = { steps: 1_000_000, milliseconds: 200, bytes: 16 << 20 };
const stepsBetweenLooks = 1024;
const valueBytes = 48;
const troubleBytes = 32;
const nowhere: Span = { begin: 0, length: 0 };

export class Run {
  at: Span = nowhere; // of the function that is called
  readonly scopes: FormulaRecord[] = [];
  readonly known = new Map<object, Value>(); // what does not depend on the record
  private steps = 0;
  private nextLook = stepsBetweenLooks;
  private begun = 0;
  private bytes = 0;
  private why: Why | null = null;

  constructor(
    readonly moment: Moment,
    private readonly budget: Budget = usual,
  ) {}

  begin(record: FormulaRecord): void {
    this.steps = 0;
    this.nextLook = stepsBetweenLooks;
    this.bytes = 0;
    this.why = null;
    this.scopes.length = 0;
    this.scopes.push(record);
  }
  // False once the budget is spent.
  step(count = 1): boolean {
    this.steps += count;
    return this.steps < this.nextLook || this.look();
  }
  stepOver(bytes: number): boolean {
    return this.step(Math.floor(bytes / 64));
  }
  private look(): boolean {
    if (this.why) return false;
    if (this.steps >= this.budget.steps) return this.spend("too_many_steps");
    const now = performance.now();
    if (this.nextLook === stepsBetweenLooks) this.begun = now;
    if (now - this.begun > this.budget.milliseconds) return this.spend("too_slow");
    this.nextLook = Math.min(this.budget.steps, this.steps + stepsBetweenLooks);
    return true;
  }
  private spend(why: Why): false {
    if (!this.why) {
      this.why = why;
      this.nextLook = 0;
    }
    return false;
  }
  get spent(): Trouble {
    return new Trouble(this.why ?? "too_many_steps", nowhere, "");
  }
  giveUp(why: Why): Trouble {
    this.spend(why);
    return this.spent;
  }
  mayTake(bytes: number): boolean {
    return bytes <= this.budget.bytes - this.bytes;
  }
  mayHold(values: number): boolean {
    return this.mayTake(values * valueBytes);
  }
  private take(bytes: number): boolean {
    const rounded = Math.ceil(bytes / 16) * 16;
    if (this.why || !this.mayTake(rounded)) return this.spend("too_much_memory");
    this.bytes += rounded;
    return true;
  }

  text(text: string): Value {
    if (text === "") return text;
    const bytes = bytesOf(text);
    return this.stepOver(bytes) && this.take(bytes) ? text : this.spent;
  }
  list(values: Value[]): Value {
    return values.length === 0 || this.take(values.length * valueBytes) ? values : this.spent;
  }
  fail(why: Why, detail = "", at = this.at): Trouble {
    return this.text(detail.slice(0, 300)) instanceof Trouble || !this.take(troubleBytes) ? this.spent : new Trouble(why, at, detail);
  }
  // What a computation with decimals gives, or why not.
  result(compute: () => Value): Value {
    try {
      return compute();
    } catch (thrown) {
      if (thrown instanceof DecimalTrouble) return this.fail(thrown.why);
      throw thrown;
    }
  }

  dayOf(at: Instant): Day {
    return new Day(Number(floorBig(this.moment.zone.localOf(at.micros), dayMicros)));
  }
  startOf(day: Day): Instant {
    return new Instant(this.moment.zone.ofLocal(BigInt(day.days) * dayMicros));
  }
  isWorkingDay(days: number): boolean {
    return this.moment.isWorkingDay?.(days) ?? isoWeekdayOf(days) <= 5;
  }
}

// A text that grows within the run's budget.
export class Draft {
  private parts = "";
  private bytes = 0;
  private isOver = false;
  constructor(private readonly run: Run) {}
  // False once there is no more of the budget.
  add(part: string): boolean {
    const bytes = bytesOf(part);
    if (this.run.stepOver(bytes) && this.run.mayTake(this.bytes + bytes)) {
      this.parts += part;
      this.bytes += bytes;
      return true;
    }
    this.isOver = true;
    return false;
  }
  value(): Value {
    return this.isOver ? this.run.giveUp("too_much_memory") : this.run.text(this.parts);
  }
}

// Of a function of the table: its arguments are of the types that were checked, never an error, and blank only where it takes blanks.
export type Body = (run: Run, args: Value[]) => Value;

export const num = (count: number | bigint): Decimal => Decimal.of(count);
