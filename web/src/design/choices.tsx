// Pickers whose choices the browser itself knows: time zones, currencies, countries by their names.
import { Select } from "antd";
import { useMemo } from "react";
import type { Language } from "../api/types";
import { countriesWith } from "./countries";
import { useDesignText } from "./texts";

interface Props {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
  disabled?: boolean;
  placeholder?: string;
  allowClear?: boolean;
}

const often = ["CNY", "USD", "EUR", "GBP", "HKD", "TWD", "JPY", "SGD"];

function offsetOf(zone: string): string {
  const part = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts().find(({ type }) => type === "timeZoneName");
  return (part?.value ?? "").replace("GMT", "UTC");
}
const zones = () => ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const currencies = (language: Language) => {
  const names = new Intl.DisplayNames(language, { type: "currency" });
  const all = [...often, ...Intl.supportedValuesOf("currency").filter((code) => !often.includes(code))];
  return all.map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
};
const byLabel = (input: string, option?: { label?: unknown }) => String(option?.label ?? "").toLowerCase().replaceAll("_", " ").includes(input.toLowerCase().replaceAll("_", " "));

export function ZoneSelect(props: Props) {
  const options = useMemo(() => zones().map((zone) => ({ value: zone, label: zone === "UTC" ? zone : `${zone.replaceAll("_", " ")} (${offsetOf(zone)})` })), []);
  return <Select {...props} showSearch={{ filterOption: byLabel }} options={options} />;
}

export function CurrencySelect(props: Props) {
  const { language } = useDesignText();
  const options = useMemo(() => currencies(language), [language]);
  return <Select {...props} showSearch={{ filterOption: byLabel }} options={options} />;
}

// A code that is already there stays, also one that is no country's.
export function CountrySelect(props: Props) {
  const { language } = useDesignText();
  const { value } = props;
  const options = useMemo(() => countriesWith(language, value), [language, value]);
  return <Select {...props} showSearch={{ filterOption: byLabel }} options={options} />;
}
