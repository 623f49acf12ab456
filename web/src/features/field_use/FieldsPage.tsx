// Every field by object, with its names in both languages, and where it is used.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { get } from "../../api/client";
import type { FieldPlace, FieldPlaces, FieldUses, Page } from "../../api/types";
import { parseSearch, useWords } from "../../design/address";
import { DownOutlined, IdcardOutlined, RightOutlined } from "../../design/icons";
import { languages } from "../../design/language";
import { Badge, Chips, PageHeader } from "../../design/pieces";
import { SearchInput } from "../../design/SearchInput";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { foundFields } from "./found";
import { useFieldUseText } from "./texts";
import "./fields.css";

const path = "/api/v1/field_uses";

export function FieldsPage() {
  const { say, language } = useFieldUseText();
  const [words, change] = useWords();
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<Page<FieldUses>>(path, {}, signal) });
  const groups = foundFields(query.data?.items ?? [], words.q ?? "", words.used === "1");
  const count = groups.reduce((sum, { fields }) => sum + fields.length, 0);
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")} />
      <div className="toolbar">
        <SearchInput label={say("search")} placeholder={say("search.placeholder")} value={words.q ?? ""} onChange={(q) => change({ q }, "replace")} />
        <Chips
          label={say("which")}
          value={words.used === "1" ? "1" : null}
          options={[
            { value: null, label: say("all") },
            { value: "1", label: say("only_used") },
          ]}
          onChange={(used) => change({ used }, "replace")}
        />
      </div>
      <Answer query={query} skeleton={<SkeletonRows count={10} />}>
        {() =>
          count === 0 ? (
            <section className="panel">
              <EmptyState icon={<IdcardOutlined />} title={say("none")} text={say("none.text")}>
                <Button onClick={() => change({ q: null, used: null }, "replace")}>{say("clear")}</Button>
              </EmptyState>
            </section>
          ) : (
            <>
              <p className="soft" role="status">
                {say("count", { count })}
              </p>
              {groups.map(({ object, label, fields }) => (
                <section key={object} className="panel fields-object" aria-label={label[language]}>
                  <div className="panel-head">
                    <h2>{label[language]}</h2>
                  </div>
                  <ul>
                    {fields.map((field) => (
                      <OneField key={field.id} field={field} isOpen={words.field === field.id} onOpen={(isOpen) => change({ field: isOpen ? field.id : null }, "replace")} />
                    ))}
                  </ul>
                </section>
              ))}
            </>
          )
        }
      </Answer>
    </div>
  );
}

function OneField({ field, isOpen, onOpen }: { field: FieldUses; isOpen: boolean; onOpen: (isOpen: boolean) => void }) {
  const { say, sayCode, language } = useFieldUseText();
  const other = languages.find((one) => one !== language)!;
  const name = field.label[language] ?? field.code;
  const placesId = `field-${field.id}-places`;
  return (
    <li className="one-field" id={`field-${field.id}`}>
      <div className="field-row">
        <div className="field-names">
          <b>{name}</b>
          <span className="soft" lang={other}>
            {field.label[other]}
          </span>
          <code className="faint">{field.code}</code>
        </div>
        <div className="field-kind">
          <Badge>{sayCode("type", field.type)}</Badge>
          {field.is_computed ? <Badge mood="accent">{say("computed")}</Badge> : null}
        </div>
        {field.uses === 0 ? (
          <span className="faint field-unused">{say("unused")}</span>
        ) : (
          <Button size="small" aria-expanded={isOpen} aria-controls={placesId} icon={isOpen ? <DownOutlined /> : <RightOutlined />} onClick={() => onOpen(!isOpen)}>
            {say("uses", { count: field.uses })}
          </Button>
        )}
      </div>
      {isOpen && field.uses > 0 ? (
        <div id={placesId} role="group" aria-label={say("uses_of", { name })}>
          <Places id={field.id} />
        </div>
      ) : null}
    </li>
  );
}

function Places({ id }: { id: string }) {
  const { say } = useFieldUseText();
  const usesPath = `/api/v1/fields/${id}/uses`;
  const query = useQuery({ queryKey: [usesPath], queryFn: ({ signal }) => get<FieldPlaces>(usesPath, {}, signal) });
  return (
    <Answer query={query} skeleton={<SkeletonRows count={2} />}>
      {() => (
        <ul className="field-places">
          {query.data!.items.map((place) => (
            <li key={`${place.link} ${place.name}`}>
              <PlaceLink place={place} />
            </li>
          ))}
          {query.data!.hidden > 0 ? <li className="faint">{say("hidden", { count: query.data!.hidden })}</li> : null}
        </ul>
      )}
    </Answer>
  );
}

function PlaceLink({ place }: { place: FieldPlace }) {
  const { say } = useFieldUseText();
  const [to, search = ""] = place.link.split("?");
  return (
    <>
      <span className="faint">{say(`kind.${place.kind}`)}</span>
      <Link to={to as "/"} search={parseSearch(search) as never}>
        {place.name}
      </Link>
      <span className="faint">{place.parts.map((part) => say(`part.${part}`)).join(" · ")}</span>
    </>
  );
}
