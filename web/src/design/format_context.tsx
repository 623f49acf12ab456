import { createContext, use, type ReactNode } from "react";
import { formatAgo, formatBytes, formatDuration, formatInstant, formatMoney, formatNumber, formatShort, formatShortMoney, formatValue, type InstantStyle } from "./format";
import { useDesignText } from "./texts";

const minute = 60_000;
const year = 365 * 86_400_000; // "15 years ago" says less than the day

interface Place {
  zone: string;
  currency: string;
}
const PlaceContext = createContext<Place>({ zone: "UTC", currency: "CNY" });

export const PlaceProvider = ({ place, children }: { place: Place; children: ReactNode }) => <PlaceContext value={place}>{children}</PlaceContext>;

export function useFormat() {
  const { language, say } = useDesignText();
  const { zone, currency } = use(PlaceContext);
  return {
    language,
    zone,
    currency,
    money: (amount: string, of: string = currency) => formatMoney(amount, of || currency, language),
    shortMoney: (amount: string, of: string = currency) => formatShortMoney(amount, of || currency, language),
    number: (value: number | string) => formatNumber(value, language),
    short: (value: number | string) => formatShort(value, language),
    instant: (at: string, style?: InstantStyle) => formatInstant(at, language, zone, style),
    ago: (at: string) => {
      const age = Math.abs(Date.now() - new Date(at).getTime());
      return age < minute ? say("just_now") : age > year ? formatInstant(at, language, zone, "day") : formatAgo(at, language);
    },
    duration: (ms: number) => formatDuration(ms, language),
    bytes: (count: number) => formatBytes(count, language),
    value: (value: unknown) => formatValue(value, language, zone),
  };
}
