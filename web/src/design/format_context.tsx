import { createContext, use, type ReactNode } from "react";
import { formatAgo, formatInstant, formatMoney, formatNumber, formatShort, formatShortMoney, formatValue } from "./format";
import { useDesignText } from "./texts";

interface Place {
  zone: string;
  currency: string;
}
const PlaceContext = createContext<Place>({ zone: "UTC", currency: "CNY" });

export const PlaceProvider = ({ place, children }: { place: Place; children: ReactNode }) => <PlaceContext value={place}>{children}</PlaceContext>;

export function useFormat() {
  const { language } = useDesignText();
  const { zone, currency } = use(PlaceContext);
  return {
    language,
    zone,
    currency,
    money: (amount: string, of: string = currency) => formatMoney(amount, of || currency, language),
    shortMoney: (amount: string, of: string = currency) => formatShortMoney(amount, of || currency, language),
    number: (value: number | string) => formatNumber(value, language),
    short: (value: number | string) => formatShort(value, language),
    instant: (at: string, style?: "full" | "minute" | "day") => formatInstant(at, language, zone, style),
    ago: (at: string) => formatAgo(at, language),
    value: (value: unknown) => formatValue(value, language, zone),
  };
}
