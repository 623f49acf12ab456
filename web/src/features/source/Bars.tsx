// Counts over time as small bars: taken in the accent's colour, refused in red on top. Said in words to those who do not see it.
import { Tooltip } from "antd";
import type { TrafficBucket } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { useSourceText } from "./texts";

const share = (count: number, most: number) => (count === 0 || most === 0 ? 0 : Math.max(4, (count / most) * 100));

export function Bars({ buckets, label, by }: { buckets: TrafficBucket[]; label: string; by: "minute" | "day" }) {
  const { say } = useSourceText();
  const format = useFormat();
  const most = Math.max(...buckets.map((one) => one.accepted + one.refused));
  const total = buckets.reduce((sum, one) => ({ accepted: sum.accepted + one.accepted, refused: sum.refused + one.refused }), { accepted: 0, refused: 0 });
  const tell = (one: { accepted: number; refused: number }) => say("bar", { accepted: format.number(one.accepted), refused: format.number(one.refused) });
  return (
    <figure className="bars-figure">
      <figcaption>
        <h3>{label}</h3>
        {most > 0 ? <span className="faint">{say(`most.${by}`, { shown: format.number(most) })}</span> : null}
      </figcaption>
      <div className="bars" role="img" aria-label={`${label}: ${tell(total)}`}>
        {buckets.map((one) => (
          <Tooltip key={one.at} title={`${format.instant(one.at, by)} · ${tell(one)}`}>
            <span className="bar">
              <i className="bar-refused" style={{ height: `${share(one.refused, most)}%` }} />
              <i className="bar-accepted" style={{ height: `${share(one.accepted, most)}%` }} />
            </span>
          </Tooltip>
        ))}
      </div>
      <div className="bars-ends faint" aria-hidden="true">
        {[buckets[0], buckets.at(-1)].map((end, place) => (
          <span key={place}>{end ? format.instant(end.at, by) : null}</span>
        ))}
      </div>
    </figure>
  );
}

export function Sparkline({ counts, label }: { counts: number[]; label: string }) {
  const most = Math.max(...counts);
  return (
    <span className="sparkline" role="img" aria-label={label}>
      {counts.map((count, place) => (
        <i key={place} style={{ height: `${share(count, most)}%` }} />
      ))}
    </span>
  );
}
