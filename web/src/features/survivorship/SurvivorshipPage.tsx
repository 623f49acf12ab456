// Whose word counts, field by field, in words of every day.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Checkbox } from "antd";
import { useEffect, useRef, useState } from "react";
import { get, post, put } from "../../api/client";
import { asFailure, type Failure } from "../../api/failure";
import { useMay } from "../../api/session";
import type { FieldRule, Page, RuleName, RulesPreview, Source, Survivorship } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { FormFailure, IntoSight } from "../../design/FormFailure";
import { useFormat } from "../../design/format_context";
import { CaretDownOutlined, CaretUpOutlined, CloseCircleOutlined } from "../../design/icons";
import { PageHeader, Panel } from "../../design/pieces";
import { Answer, SkeletonRows } from "../../design/states";
import { useToast } from "../../design/toast";
import { useFields } from "../customer/GoldenRecord";
import { incomplete, moved, same, withRule } from "./rules";
import { useSurvivorshipText } from "./texts";
import "./survivorship.css";

const path = "/api/v1/survivorship";
const ruleNames: RuleName[] = ["trusted", "newest", "oldest", "most_frequent", "longest", "sources"];
const refoldLookMs = 1500;

export function SurvivorshipPage() {
  const { say } = useSurvivorshipText();
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Survivorship>(path, {}, signal),
    refetchInterval: ({ state }) => (state.data?.refold.is_running ? refoldLookMs : false),
  });
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        <Link to="/fields" className="button-link">
          {say("fields")}
        </Link>
      </PageHeader>
      <Answer query={query} skeleton={<SkeletonRows count={10} />}>
        {() => <Rules stored={query.data!} />}
      </Answer>
    </div>
  );
}

function Rules({ stored }: { stored: Survivorship }) {
  const { say } = useSurvivorshipText();
  const { labelOf } = useFields();
  const client = useQueryClient();
  const toast = useToast();
  const mayChange = useMay("admin");
  const sources = useQuery({ queryKey: ["/api/v1/sources", "names"], queryFn: ({ signal }) => get<Page<Source>>("/api/v1/sources", {}, signal) });
  const [mine, setMine] = useState<FieldRule[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [preview, setPreview] = useState<RulesPreview | null>(null);
  const [busy, setBusy] = useState<"save" | "preview" | null>(null);
  const rules = mine ?? stored.fields;
  const isDirty = mine !== null && !same(mine, stored.fields);
  const missing = incomplete(rules);
  const set = (field: string, changes: Partial<FieldRule>) => {
    setMine(withRule(rules, field, changes));
    setPreview(null);
  };
  const run = async (what: "save" | "preview") => {
    setBusy(what);
    setFailure(null);
    try {
      if (what === "preview") setPreview(await post<RulesPreview>(`${path}/preview`, { fields: rules }));
      else {
        client.setQueryData([path], await put<Survivorship>(path, { fields: rules }, stored.version));
        setMine(null);
        setPreview(null);
        toast.done(say("saved"));
      }
    } catch (thrown) {
      setFailure(asFailure(thrown));
      if (asFailure(thrown).kind === "conflict") void client.invalidateQueries({ queryKey: [path] });
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      {mayChange ? null : <Alert className="form-failure" type="info" showIcon title={say("read_only")} />}
      {stored.refold.is_running ? <Alert className="form-failure" type="info" showIcon role="status" title={say("refold", { percent: stored.refold.percent })} /> : null}
      {failure?.kind === "conflict" ? (
        <IntoSight of={failure}>
          <Alert type="warning" showIcon role="alert" title={say("conflict")} />
        </IntoSight>
      ) : (
        <FormFailure failure={failure} />
      )}
      <section className="panel rules">
        {rules.map((rule) => (
          <RuleRow key={rule.field} rule={rule} label={labelOf(rule.field)} isMissing={missing.includes(rule.field)} sources={(sources.data?.items ?? []).map(({ name }) => name)} mayChange={mayChange} onSet={(changes) => set(rule.field, changes)} />
        ))}
      </section>
      {mayChange ? (
        <div className="form-end rules-end">
          <Button onClick={() => void run("preview")} loading={busy === "preview"} disabled={!isDirty || missing.length > 0}>
            {say("preview")}
          </Button>
          <Button onClick={() => (setMine(null), setPreview(null), setFailure(null))} disabled={!isDirty}>
            {say("reset")}
          </Button>
          <Button type="primary" onClick={() => void run("save")} loading={busy === "save"} disabled={!isDirty || missing.length > 0}>
            {say("save")}
          </Button>
        </div>
      ) : null}
      {preview ? <Preview preview={preview} labelOf={labelOf} /> : null}
    </>
  );
}

interface RowProps {
  rule: FieldRule;
  label: string;
  isMissing: boolean;
  sources: string[];
  mayChange: boolean;
  onSet: (changes: Partial<FieldRule>) => void;
}

function RuleRow({ rule, label, isMissing, sources, mayChange, onSet }: RowProps) {
  const { say } = useSurvivorshipText();
  return (
    <div className="rule">
      <div className="rule-field">{label}</div>
      <div className="rule-choice">
        <select className="plain-select" aria-label={say("rule_of", { field: label })} disabled={!mayChange} value={rule.rule} onChange={(event) => onSet({ rule: event.target.value as RuleName })}>
          {ruleNames.map((name) => (
            <option key={name} value={name}>
              {say(`rule.${name}`)}
            </option>
          ))}
        </select>
        {rule.rule === "sources" ? <Order rule={rule} label={label} sources={sources} mayChange={mayChange} onSet={onSet} /> : null}
        {isMissing ? (
          <p className="field-problem" role="alert">
            {say("source.missing")}
          </p>
        ) : null}
      </div>
      <Checkbox disabled={!mayChange} checked={rule.is_verified_first} aria-label={say("verified_of", { field: label })} onChange={(event) => onSet({ is_verified_first: event.target.checked })}>
        {say("verified")}
      </Checkbox>
    </div>
  );
}

function Order({ rule, label, sources, mayChange, onSet }: Omit<RowProps, "isMissing">) {
  const { say } = useSurvivorshipText();
  const rest = sources.filter((source) => !rule.sources.includes(source));
  return (
    <ol className="rule-sources" aria-label={say("sources_of", { field: label })}>
      {rule.sources.map((source, index) => (
        <li key={source}>
          <span>{source}</span>
          {mayChange ? (
            <span className="rule-acts">
              <Button type="text" size="small" icon={<CaretUpOutlined />} aria-label={say("source.up", { source })} disabled={index === 0} onClick={() => onSet({ sources: moved(rule.sources, source, -1) })} />
              <Button type="text" size="small" icon={<CaretDownOutlined />} aria-label={say("source.down", { source })} disabled={index === rule.sources.length - 1} onClick={() => onSet({ sources: moved(rule.sources, source, 1) })} />
              <Button type="text" size="small" icon={<CloseCircleOutlined />} aria-label={say("source.remove", { source })} onClick={() => onSet({ sources: rule.sources.filter((one) => one !== source) })} />
            </span>
          ) : null}
        </li>
      ))}
      {mayChange && rest.length > 0 ? (
        <li>
          <select className="plain-select" aria-label={say("source.add")} value="" onChange={(event) => event.target.value && onSet({ sources: [...rule.sources, event.target.value] })}>
            <option value="">{say("source.add")}</option>
            {rest.map((source) => (
              <option key={source} value={source}>
                {source}
              </option>
            ))}
          </select>
        </li>
      ) : null}
    </ol>
  );
}

function Preview({ preview, labelOf }: { preview: RulesPreview; labelOf: (code: string) => string }) {
  const { say } = useSurvivorshipText();
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const blank = <span className="faint">{say("blank")}</span>;
  const values = { sampled: format.number(preview.sampled), changed: format.number(preview.changed) };
  return (
    <div ref={place} className="rules-preview">
      <Panel title={say("preview.title")}>
      <p role="status">{say(preview.changed === 0 ? "preview.none" : "preview.count", values)}</p>
      {preview.examples.length > 0 ? (
        <DataTable
          label={say("preview.title")}
          rows={preview.examples}
          rowKey={(example) => `${example.customer}${example.field}`}
          columns={[
            {
              key: "customer",
              title: say("preview.customer"),
              isMain: true,
              cell: (example) => (
                <Link to="/customers/$id" params={{ id: example.customer }} className="row-link">
                  {example.name ?? say("nameless")}
                </Link>
              ),
            },
            { key: "field", title: say("field"), cell: (example) => labelOf(example.field) },
            { key: "before", title: say("preview.before"), cell: (example) => example.before ?? blank },
            { key: "after", title: say("preview.after"), cell: (example) => example.after ?? blank },
          ]}
        />
      ) : null}
      </Panel>
    </div>
  );
}
