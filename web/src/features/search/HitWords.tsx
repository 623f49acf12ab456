// One hit: who it is, with what was found marked.
import type { CustomerIdentifier, RecordHit, SearchHit, SearchMark } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { Avatar, Badge } from "../../design/pieces";
import { inOrder, useCustomerName, useIdentifierText } from "../naming/naming";
import { piecesOf } from "./marked";
import { useSearchText } from "./texts";
import "./search.css";

const Marked = ({ text, marks }: { text: string; marks: SearchMark[] }) => (
  <>{piecesOf(text, marks).map((piece, at) => (piece.isMarked ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>))}</>
);

const identifiersShown = 2;

// Those in which something was found come first.
function identifiersOf({ customer, marks }: SearchHit, titled: CustomerIdentifier | null): CustomerIdentifier[] {
  const isFound = (one: CustomerIdentifier) => marks.some(({ identifier }) => identifier === one.id);
  const others = inOrder(customer.identifiers).filter((one) => one !== titled);
  return [...others.filter(isFound), ...others.filter((one) => !isFound(one))].slice(0, identifiersShown);
}

export function HitWords({ hit, size = 28 }: { hit: SearchHit; size?: number }) {
  const { say } = useSearchText();
  const { titleOf } = useCustomerName();
  const { typeOf } = useIdentifierText();
  const { customer, marks, match } = hit;
  const title = titleOf(customer);
  const company = typeof customer.fields.company === "string" && customer.fields.company !== title.text ? customer.fields.company : "";
  const ofField = (field: string) => marks.filter((mark) => mark.field === field && !mark.identifier);
  const titleMarks = title.isName ? ofField(title.text === customer.fields.name ? "name" : "company") : [];
  return (
    <>
      <Avatar name={title.isName ? title.text : null} seed={customer.id} kind={customer.kind} size={size} />
      <span className="hit-words">
        <b>
          <Marked text={title.text} marks={titleMarks} />
        </b>
        <small>
          {company ? (
            <span className="hit-part">
              <Marked text={company} marks={ofField("company")} />
            </span>
          ) : null}
          {identifiersOf(hit, title.identifier).map((one) => (
            <span className="hit-part" key={one.id}>
              {typeOf(one)} <Marked text={one.value} marks={marks.filter(({ identifier }) => identifier === one.id)} />
            </span>
          ))}
        </small>
      </span>
      {match === "words" ? null : <Badge mood={match === "similar" ? "warn" : "plain"}>{say(`match.${match}`)}</Badge>}
    </>
  );
}

export function RecordWords({ hit }: { hit: RecordHit }) {
  const { say } = useSearchText();
  const { titleOf } = useCustomerName();
  const format = useFormat();
  return (
    <span className="hit-words">
      <b>
        {say(`record.${hit.object}`)} <mark>{hit.number}</mark>
      </b>
      <small>
        <span className="hit-part">{hit.customer ? titleOf(hit.customer).text : say("record.nobody")}</span>
        {hit.time ? <span className="hit-part">{format.instant(hit.time, "day")}</span> : null}
      </small>
    </span>
  );
}
