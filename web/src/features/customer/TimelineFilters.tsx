// What of a timeline is shown: kinds as chips, and source, event name and period beside them.
import { Button, Input, Select } from "antd";
import type { TimelineFacets } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Chips } from "../../design/pieces";
import { useEventNames } from "../naming/events";
import { useCustomerText } from "./texts";
import { clearTimeline, isNarrowed, periods, type TimelineState } from "./timeline_state";

type Change = (words: Record<string, string | null>) => void;
const contains = (input: string, option?: { label?: unknown; value?: unknown }) => [option?.value, option?.label].some((text) => String(text ?? "").toLowerCase().includes(input.toLowerCase()));

export function TimelineFilters({ facets, state, onChange }: { facets: TimelineFacets | undefined; state: TimelineState; onChange: Change }) {
  const { say, sayCode } = useCustomerText();
  const format = useFormat();
  const counts = facets?.kinds ?? [];
  const kinds = state.kind && !counts.some(({ kind }) => kind === state.kind) ? [...counts, { kind: state.kind, count: 0 }] : counts;
  if (kinds.length === 0 && !isNarrowed(state)) return null;
  return (
    <div className="timeline-filters">
      {kinds.length > 1 || state.kind ? (
        <Chips
          label={say("timeline.filter")}
          value={state.kind}
          options={[
            { value: null, label: say("filter.all") },
            ...kinds.map(({ kind, count }) => ({
              value: kind,
              label: (
                <>
                  {sayCode("event", kind)}
                  <span className="chip-count tabular" aria-hidden="true">
                    {format.number(count)}
                  </span>
                </>
              ),
            })),
          ]}
          onChange={(event) => onChange({ event, name: null })}
        />
      ) : null}
      <div className="timeline-selects">
        <NameSelect facets={facets} state={state} onChange={onChange} />
        <SourceSelect facets={facets} state={state} onChange={onChange} />
        <PeriodSelect state={state} onChange={onChange} />
        {isNarrowed(state) ? (
          <Button type="link" size="small" onClick={() => onChange(clearTimeline)}>
            {say("timeline.clear")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface Props {
  facets: TimelineFacets | undefined;
  state: TimelineState;
  onChange: Change;
}

const Counted = ({ label, count }: { label: string; count: number }) => {
  const format = useFormat();
  return (
    <span className="counted">
      <span className="clip">{label}</span>
      <span className="faint tabular">{format.number(count)}</span>
    </span>
  );
};

// Names of the kind that is shown, the most frequent first.
function NameSelect({ facets, state, onChange }: Props) {
  const { say } = useCustomerText();
  const { nameOf } = useEventNames();
  const counts = new Map<string, number>();
  const labels = new Map<string, string>();
  for (const { kind, name, count } of facets?.names ?? [])
    if (!state.kind || state.kind === kind) {
      counts.set(name, (counts.get(name) ?? 0) + count);
      labels.set(name, nameOf({ kind, name }));
    }
  if (state.name && !counts.has(state.name)) counts.set(state.name, 0);
  if (counts.size < 2 && !state.name) return null;
  return (
    <Select
      className="timeline-select"
      size="small"
      aria-label={say("timeline.name")}
      placeholder={say("timeline.name")}
      value={state.name}
      allowClear
      showSearch={{ filterOption: contains }}
      popupMatchSelectWidth={280}
      options={[...counts].map(([name, count]) => ({ value: name, label: labels.get(name) ?? nameOf({ kind: "track", name }), count }))}
      optionRender={({ label, data }) => <Counted label={String(label)} count={(data as { count: number }).count} />}
      onChange={(name: string | undefined) => onChange({ name: name ?? null })}
    />
  );
}

function SourceSelect({ facets, state, onChange }: Props) {
  const { say } = useCustomerText();
  const counts = facets?.sources ?? [];
  const sources = state.source && !counts.some(({ source }) => source === state.source) ? [...counts, { source: state.source, count: 0 }] : counts;
  if (sources.length < 2 && !state.source) return null;
  return (
    <Select
      className="timeline-select"
      size="small"
      aria-label={say("timeline.source")}
      placeholder={say("timeline.source")}
      value={state.source}
      allowClear
      popupMatchSelectWidth={240}
      options={sources.map(({ source, count }) => ({ value: source, label: source, count }))}
      optionRender={({ label, data }) => <Counted label={String(label)} count={(data as { count: number }).count} />}
      onChange={(source: string | undefined) => onChange({ source: source ?? null })}
    />
  );
}

function PeriodSelect({ state, onChange }: Pick<Props, "state" | "onChange">) {
  const { say } = useCustomerText();
  return (
    <>
      <Select
        className="timeline-select"
        size="small"
        aria-label={say("timeline.period")}
        placeholder={say("timeline.period")}
        value={state.period}
        allowClear
        popupMatchSelectWidth={160}
        options={[...periods.map((days) => ({ value: days as string, label: say("timeline.last_days", { count: Number(days) }) })), { value: "own", label: say("timeline.own_period") }]}
        onChange={(period: string | undefined) => onChange({ period: period ?? null, from: null, to: null })}
      />
      {state.period === "own" ? (
        <span className="timeline-days">
          <Input type="date" size="small" aria-label={say("timeline.from")} max={state.to ?? undefined} value={state.from ?? ""} onChange={({ target }) => onChange({ from: target.value || null })} />
          <span aria-hidden="true">–</span>
          <Input type="date" size="small" aria-label={say("timeline.to")} min={state.from ?? undefined} value={state.to ?? ""} onChange={({ target }) => onChange({ to: target.value || null })} />
        </span>
      ) : null}
    </>
  );
}
