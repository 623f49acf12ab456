// What a new installation begins with: sample data by one click, or three steps with one's own.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { keyKeeper, post } from "../../api/client";
import { asFailure } from "../../api/failure";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Source } from "../../api/types";
import { CheckCircleFilled } from "../../design/icons";
import { Panel } from "../../design/pieces";
import { useToast } from "../../design/toast";
import { useImports } from "../../features/import/use_imports";
import { useAppText } from "../texts";

export function FirstSteps() {
  const { say } = useAppText();
  const sources = usePages<Source>("/api/v1/sources", {}, { limit: null });
  const imports = useImports();
  const source = sources.items[0];
  const tracker = sources.items.find(({ kind }) => kind === "tracker");
  const mayAdminister = useMay("admin");
  return (
    <>
      {mayAdminister ? <Sample isLoading={imports.items.some((one) => one.state === "running" || one.state === "waiting")} /> : null}
      <Panel title={say("home.begin")} extra={say("home.begin_note")}>
        <ol className="steps">
          <Step title={say("home.step_source")} text={say("home.step_source_text")} isDone={source !== undefined}>
            {mayAdminister ? (
              <Link to="/sources" search={{ new: "1" }} className={source ? "button-link" : "button-link button-primary"}>
                {say("home.step_source_act")}
              </Link>
            ) : null}
          </Step>
          <Step title={say("home.step_import")} text={say("home.step_import_text")} isDone={imports.items.some((one) => one.state === "finished")}>
            <Link to="/imports/new" className="button-link">
              {say("home.step_import_act")}
            </Link>
          </Step>
          <Step title={say("home.step_snippet")} text={say("home.step_snippet_text")} isDone={false}>
            {tracker ? (
              <Link to="/sources/$id" params={{ id: tracker.id }} search={{ tab: "install" }} className="button-link">
                {say("home.step_snippet_act")}
              </Link>
            ) : (
              <Link to="/sources" search={{}} className="button-link">
                {say("home.arrivals_sources")}
              </Link>
            )}
          </Step>
        </ol>
      </Panel>
    </>
  );
}

function Sample({ isLoading }: { isLoading: boolean }) {
  const { say } = useAppText();
  const client = useQueryClient();
  const toast = useToast();
  const [keyFor] = useState(keyKeeper);
  const load = useMutation({
    mutationFn: () => post("/api/v1/sample", {}, { once: keyFor("sample") }),
    onSuccess: () => toast.done(say("home.sample_begun")),
    onError: (thrown) => toast.failed(asFailure(thrown).message || say("home.sample_failed")),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <section className="panel sample" aria-label={say("home.sample")}>
      <div>
        <h2>{say("home.sample")}</h2>
        <p className="soft">{say("home.sample_text")}</p>
      </div>
      <Button loading={load.isPending || isLoading} onClick={() => load.mutate()}>
        {say(isLoading ? "home.sample_loading" : "home.sample_act")}
      </Button>
    </section>
  );
}

function Step({ title, text, isDone, children }: { title: string; text: string; isDone: boolean; children: ReactNode }) {
  const { say } = useAppText();
  return (
    <li className="step" data-done={isDone || undefined}>
      <div className="step-words">
        <h3>
          {title} {isDone ? <CheckCircleFilled className="good" aria-label={say("home.done")} /> : null}
        </h3>
        <p className="soft">{text}</p>
        <div className="step-acts">{children}</div>
      </div>
    </li>
  );
}
