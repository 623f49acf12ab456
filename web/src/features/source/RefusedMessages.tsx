// What was refused, by reason: opened, corrected and replayed, or thrown away.
import { CheckCircleOutlined, ReloadOutlined } from "../../design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { get, post } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { usePages } from "../../api/queries";
import type { Page, RefusedMessage, RefusedReason, Replayed, Source } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { FormFailure } from "../../design/FormFailure";
import { Badge, ExactTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { CorrectMessage } from "./CorrectMessage";
import { Json } from "./Json";
import { useSourceText } from "./texts";
import { sourcePath, useRefresh, useTrafficNews } from "./use_source";

const keyOf = (reason: { code: string; path: string }) => `${reason.code} ${reason.path}`;

export function RefusedMessages({ source }: { source: Source }) {
  const { say, language } = useSourceText();
  const [words, change] = useWords();
  const [correcting, correct] = useState<RefusedMessage | null>(null);
  const state = words.state === "replayed" ? "replayed" : "open";
  const path = sourcePath(source.id);
  const reasons = useQuery({ queryKey: [`${path}/refused_reasons`, language], queryFn: ({ signal }) => get<Page<RefusedReason>>(`${path}/refused_reasons`, {}, signal) });
  const chosen = state === "open" ? reasons.data?.items.find((one) => one.code === words.code && one.path === (words.path ?? "")) : undefined;
  const pages = usePages<RefusedMessage>(`${path}/refused_messages`, { state, ...(chosen ? { code: chosen.code, path: chosen.path } : {}) });
  useTrafficNews(source.id, true, () => {
    void reasons.refetch();
    void pages.refetch();
  });
  return (
    <>
      <div className="live-acts">
        <Segmented
          aria-label={say("state")}
          value={state}
          onChange={(next) => change({ state: next === "open" ? null : next, code: null, path: null }, "replace")}
          options={[
            { value: "open", label: say("state.open") },
            { value: "replayed", label: say("state.replayed") },
          ]}
        />
        {state === "open" && reasons.data && reasons.data.items.length > 0 ? <ReasonSelect reasons={reasons.data.items} chosen={chosen} onChoose={(one) => change({ code: one?.code ?? null, path: one?.path ?? null }, "replace")} /> : null}
        {chosen ? <ForAll source={source} reason={chosen} onDone={() => change({ code: null, path: null }, "replace")} /> : null}
      </div>
      <Answer query={pages} skeleton={<SkeletonRows count={5} />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<CheckCircleOutlined />} title={state === "open" ? say("refused.empty") : say("replayed.empty")} text={state === "open" ? say("refused.empty_text") : undefined} />
          ) : (
            <RefusedTable items={pages.items} source={source} onCorrect={correct} />
          )
        }
      </Answer>
      <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      {correcting ? <CorrectMessage source={source} kept={correcting} onClose={() => correct(null)} /> : null}
    </>
  );
}

function ReasonSelect({ reasons, chosen, onChoose }: { reasons: RefusedReason[]; chosen: RefusedReason | undefined; onChoose: (reason: RefusedReason | undefined) => void }) {
  const { say } = useSourceText();
  const format = useFormat();
  return (
    <Select
      className="reason-select"
      aria-label={say("reason")}
      allowClear
      placeholder={say("reason.all")}
      value={chosen ? keyOf(chosen) : undefined}
      onChange={(key?: string) => onChoose(reasons.find((one) => keyOf(one) === key))}
      options={reasons.map((one) => ({ value: keyOf(one), label: `${one.reason} (${format.number(one.count)})` }))}
    />
  );
}

// Acts on everything of one reason, once what was wrong is mended.
function ForAll({ source, reason, onDone }: { source: Source; reason: RefusedReason; onDone: () => void }) {
  const { say } = useSourceText();
  const format = useFormat();
  const toast = useToast();
  const refresh = useRefresh(source.id);
  const [isAsking, ask] = useState(false);
  const [busy, setBusy] = useState<"replay" | "discard" | null>(null);
  const path = `${sourcePath(source.id)}/refused_messages`;
  const act = async (what: "replay" | "discard") => {
    setBusy(what);
    try {
      const wish = { code: reason.code, path: reason.path };
      if (what === "replay") {
        const done = await post<Replayed>(`${path}/replay`, wish);
        const taken = done.accepted + done.duplicates;
        if (taken > 0) toast.done(say("replay_all_done", { count: taken, number: format.number(taken) }));
        if (done.refused > 0) toast.failed(say("still_refused", { count: done.refused, number: format.number(done.refused) }));
        if (done.refused === 0) onDone();
      } else {
        const { discarded } = await post<{ discarded: number }>(`${path}/discard`, wish);
        toast.done(say("discard_all_done", { count: discarded, number: format.number(discarded) }));
        onDone();
      }
      refresh();
    } catch (thrown) {
      toast.failed(asFailure(thrown).message);
    } finally {
      setBusy(null);
      ask(false);
    }
  };
  return (
    <span className="for-all">
      <Button icon={<ReloadOutlined />} loading={busy === "replay"} onClick={() => void act("replay")}>
        {say("replay_all")}
      </Button>
      <Button danger type="text" onClick={() => ask(true)}>
        {say("discard_all")}
      </Button>
      <Modal open={isAsking} title={say("discard_all")} okText={say("discard")} cancelText={say("cancel")} okButtonProps={{ danger: true }} confirmLoading={busy === "discard"} onOk={() => void act("discard")} onCancel={() => ask(false)}>
        {say("discard_all_text", { reason: reason.reason, number: format.number(reason.count) })}
      </Modal>
    </span>
  );
}

function RefusedTable({ items, source, onCorrect }: { items: RefusedMessage[]; source: Source; onCorrect: (one: RefusedMessage) => void }) {
  const { say } = useSourceText();
  const [discarding, discard] = useState<RefusedMessage | null>(null);
  return (
    <>
      <DataTable
        label={say("tab.refused")}
        rows={items}
        rowKey={(one) => one.id}
        rowName={(one) => one.reason}
        expanded={(one) => <Json text={one.message} />}
        columns={[
          { key: "reason", title: say("reason"), isMain: true, cell: (one) => <Refusal one={one} /> },
          { key: "at", title: say("at"), width: 170, cell: (one) => <Came one={one} /> },
          {
            key: "acts",
            title: say("acts"),
            align: "right",
            width: 270,
            cell: (one) =>
              one.replayed_at ? (
                <Badge mood="good" icon={<CheckCircleOutlined />}>
                  {say("state.replayed")}
                </Badge>
              ) : (
                <span className="row-acts">
                  {one.message ? (
                    <Button type="link" size="small" onClick={() => onCorrect(one)}>
                      {say("correct")}
                    </Button>
                  ) : null}
                  <Button type="text" danger size="small" onClick={() => discard(one)}>
                    {say("discard")}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {discarding ? <Discard source={source} kept={discarding} onClose={() => discard(null)} /> : null}
    </>
  );
}

const nameIn = ["event", "name", "groupId", "previousId"];
const whoIn = ["userId", "anonymousId"];

// What the message was about, as far as it can be read: reasons alone are alike.
function gistOf({ message }: RefusedMessage): string {
  try {
    const read = JSON.parse(message) as Record<string, unknown>;
    const first = (names: string[]) => names.map((name) => read[name]).find((value) => (typeof value === "string" && value !== "") || typeof value === "number");
    return [first(nameIn) ?? read.type, first(whoIn)].filter((word) => typeof word === "string" || typeof word === "number").join(" · ");
  } catch {
    return "";
  }
}

function Refusal({ one }: { one: RefusedMessage }) {
  const gist = gistOf(one);
  return (
    <span className="came" title={one.code}>
      <span>{one.reason}</span>
      {gist ? <small className="soft gist">{gist}</small> : null}
    </span>
  );
}

// A sender that goes on trying sends the same message again: it is here once, with how often it came.
function Came({ one }: { one: RefusedMessage }) {
  const { say } = useSourceText();
  const format = useFormat();
  return (
    <span className="came">
      <ExactTime at={one.at} as="full" />
      {one.times > 1 ? <small className="soft">{say("times", { count: one.times, number: format.number(one.times) })}</small> : null}
    </span>
  );
}

function Discard({ source, kept, onClose }: { source: Source; kept: RefusedMessage; onClose: () => void }) {
  const { say } = useSourceText();
  const refresh = useRefresh(source.id);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const discard = async () => {
    setBusy(true);
    try {
      await post(`/api/v1/refused_messages/${kept.id}/discard`);
      refresh();
      onClose();
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal open title={say("discard_title")} okText={say("discard")} cancelText={say("cancel")} okButtonProps={{ danger: true }} confirmLoading={isBusy} onOk={() => void discard()} onCancel={onClose}>
      <FormFailure failure={failure} />
      <p>{say("discard_text")}</p>
    </Modal>
  );
}
