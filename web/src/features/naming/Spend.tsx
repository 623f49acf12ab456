// What a customer spent: the total, and beneath it what is in other currencies and not in the total.
import type { Customer } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Money } from "../../design/pieces";
import { useNamingText } from "./texts";

type Computed = Customer["computed"];

export function useOthers() {
  const format = useFormat();
  const { say } = useNamingText();
  return ({ unconverted }: Computed): string | null => {
    const amounts = (unconverted ?? []).map((part) => format.money(part.amount, part.currency));
    return amounts.length === 0 ? null : say("unconverted", { amounts: amounts.join(" + ") });
  };
}

export function Spend({ computed }: { computed: Computed }) {
  const { say } = useNamingText();
  const others = useOthers()(computed);
  if (computed.order_count === 0) return <span className="faint">{say("no_spend")}</span>;
  const total = <Money amount={computed.total_spend} currency={computed.currency} />;
  if (!others) return total;
  return (
    <span className="spend">
      {total}
      <small className="faint clip" title={`${others} · ${say("unconverted_why")}`}>
        {others}
      </small>
    </span>
  );
}
