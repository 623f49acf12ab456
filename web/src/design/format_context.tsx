import { createContext, use, type ReactNode } from "react";
import { formatAgo, formatInstant, formatMoney, formatNumber, formatShort, formatShortMoney, formatValue, type InstantStyle } from "./format";
import { useDesignText } from "./texts";

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
    ago: (at: string) => (Math.abs(Date.now() - new Date(at).getTime()) < 60_000 ? say("just_now") : formatAgo(at, language)),
    value: (value: unknown) => formatValue(value, language, zone),
  };
}
