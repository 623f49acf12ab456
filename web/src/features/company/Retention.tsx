// How long events are kept: for ever (0) or a number of days.
import { InputNumber, Radio } from "antd";
import { useCompanyText } from "./texts";

export const daysMin = 30;
export const daysMax = 36_500;
const firstOffer = 730;

export const isRetention = (days: number | null | undefined): boolean => days === 0 || (typeof days === "number" && days >= daysMin && days <= daysMax);

interface Props {
  id?: string;
  value?: number | null;
  onChange?: (days: number | null) => void;
  disabled?: boolean;
}

export function RetentionInput({ id, value, onChange, disabled }: Props) {
  const { say } = useCompanyText();
  const isForEver = value === 0;
  return (
    <div className="choice-line">
      <Radio.Group
        id={id}
        disabled={disabled}
        value={isForEver ? "for_ever" : "limited"}
        onChange={(event) => onChange?.(event.target.value === "for_ever" ? 0 : firstOffer)}
        options={[
          { value: "for_ever", label: say("retention.for_ever") },
          { value: "limited", label: say("retention.limited") },
        ]}
      />
      {isForEver ? null : <InputNumber aria-label={say("retention.limited")} disabled={disabled} precision={0} value={value ?? null} onChange={(days) => onChange?.(days)} suffix={say("retention.days")} />}
    </div>
  );
}
