// The queue of customers who may be one: the list, how far it is, and the pair that is looked at.
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useLive } from "../../api/live";
import { usePages } from "../../api/queries";
import type { Review } from "../../api/types";
import { useWords } from "../../design/address";
import { MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { ArrowLeftOutlined, CheckCircleOutlined, ClockCircleOutlined } from "../../design/icons";
import { useShortcuts } from "../../design/keyboard";
import { Badge, PageHeader } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { Answer, EmptyState, SkeletonRows, ThinBar } from "../../design/states";
import { useIdentifierText } from "../naming/naming";
import { nextOf } from "./compared";
import { reviewsPath, useProgress } from "./progress";
import { ReviewPair } from "./ReviewPair";
import { useReviewText } from "./texts";
import "./review.css";

export function ReviewPage() {
  const { say } = useReviewText();
  const isPhone = useIsPhone();
  const [words, change] = useWords();
  const state = words.state === "later" ? "later" : "open";
  const pages = usePages<Review>(reviewsPath, { state });
  const client = useQueryClient();
  const [hasDecided, setDecided] = useState(false);
  useLive(() => {
    void client.invalidateQueries({ queryKey: [reviewsPath] });
  });
  const ids = pages.items.map((pair) => pair.id);
  const chosen = words.pair ?? (isPhone ? undefined : ids[0]);
  const go = (id: string | null) => change({ pair: id }, "replace");
  const onGone = (id: string) => {
    setDecided(true);
    go(nextOf(ids, id));
  };
  const move = (step: number) => {
    const at = ids.indexOf(chosen ?? "");
    const next = ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + step))];
    if (next && next !== chosen) go(next);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });
  const list = <Queue pairs={pages.items} chosen={chosen} isLater={state === "later"} onChoose={(id) => change({ pair: id }, isPhone ? "push" : "replace")} />;
  return (
    <div className="page">
      <ThinBar isOn={pages.isFetching && pages.data !== undefined} />
      <PageHeader title={say("title")} note={say("note")} />
      <Progress />
      <div className="toolbar">
        <select className="plain-select" aria-label={say("show")} value={state} onChange={(event) => change({ state: event.target.value === "later" ? "later" : null, pair: null })}>
          <option value="open">{say("show.open")}</option>
          <option value="later">{say("show.later")}</option>
        </select>
        {isPhone && chosen ? (
          <Button icon={<ArrowLeftOutlined />} onClick={() => go(null)}>
            {say("back")}
          </Button>
        ) : null}
      </div>
      <Answer query={pages} skeleton={<SkeletonRows count={6} />}>
        {() =>
          pages.items.length === 0 && !words.pair ? (
            <Nothing isLater={state === "later"} hasDecided={hasDecided} />
          ) : (
            <div className="review-halves">
              {isPhone && chosen ? null : (
                <section className="panel review-queue" aria-label={say(state === "later" ? "queue.later" : "queue")}>
                  {list}
                  <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
                </section>
              )}
              {chosen ? <ReviewPair key={chosen} id={chosen} hasNext={ids.some((id) => id !== chosen)} onNext={() => go(nextOf(ids, chosen))} onGone={onGone} /> : isPhone ? null : <p className="soft">{say("pick")}</p>}
            </div>
          )
        }
      </Answer>
    </div>
  );
}

function Progress() {
  const { say } = useReviewText();
  const format = useFormat();
  const { data } = useProgress();
  if (!data) return null;
  const { decided_today: done, open, later } = data;
  const text = say("progress.text", { done: format.number(done), open: format.number(open) });
  return (
    <div className="review-progress">
      <progress value={done} max={Math.max(done + open, 1)} aria-label={say("progress")} />
      <span>{text}</span>
      {later > 0 ? <span className="faint">{say("progress.later", { count: later })}</span> : null}
      {data.is_looking ? <span className="faint">{say("looking", { percent: data.percent })}</span> : null}
    </div>
  );
}

function Queue({ pairs, chosen, isLater, onChoose }: { pairs: Review[]; chosen: string | undefined; isLater: boolean; onChoose: (id: string) => void }) {
  const { say } = useReviewText();
  const format = useFormat();
  const { textOf } = useIdentifierText();
  const called = (name: Review["name"], identifier: Review["identifier"]) => name ?? (identifier ? textOf(identifier) : say("nameless"));
  return (
    <ul className="review-list">
      {pairs.map((pair) => (
        <li key={pair.id}>
          <button type="button" className="review-item" aria-current={pair.id === chosen || undefined} onClick={() => onChoose(pair.id)}>
            <b>{called(pair.name, pair.identifier)}</b>
            <b>{called(pair.other_name, pair.other_identifier)}</b>
            <span className="review-doubts">
              {pair.doubts.map((doubt) => (
                <Badge key={doubt}>{say(`doubt.${doubt}`)}</Badge>
              ))}
              {isLater ? <small className="faint">{pair.until ? say("until", { day: format.instant(pair.until, "day") }) : say("until_change")}</small> : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Nothing({ isLater, hasDecided }: { isLater: boolean; hasDecided: boolean }) {
  const { say } = useReviewText();
  const { data } = useProgress();
  if (isLater) return <EmptyState icon={<ClockCircleOutlined />} title={say("later_empty.title")} text={say("later_empty.text")} />;
  const isPraised = hasDecided || (data?.decided_today ?? 0) > 0;
  return (
    <EmptyState icon={<CheckCircleOutlined />} title={say(isPraised ? "empty.title" : "empty.fresh")} text={say("empty.text")}>
      <Link to="/customers" className="button-link">
        {say("empty.act")}
      </Link>
    </EmptyState>
  );
}
