// What people wrote down about a customer: pinned notes, then the newest; written, edited and deleted where it stands.
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Tooltip } from "antd";
import { useId, useState, type KeyboardEvent } from "react";
import { get } from "../../api/client";
import { asFailure } from "../../api/failure";
import { usePages } from "../../api/queries";
import { useMay, useSession } from "../../api/session";
import type { Note, NoteVersion, Page } from "../../api/types";
import { MoreRows } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { DeleteOutlined, EditOutlined, FileTextOutlined, HistoryOutlined, PushpinFilled, PushpinOutlined } from "../../design/icons";
import { isComposing } from "../../design/keyboard";
import { Avatar, ExactTime, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { useNoteText } from "./texts";
import { notesPath, useNoteActs, versionsPath } from "./use_notes";
import "./note.css";

const charactersMax = 10_000;

export function useWriter() {
  const { sayCode } = useNoteText();
  return (principal: string, name: string | null | undefined): string => name ?? sayCode("who", ["token", "local"].find((kind) => principal.startsWith(kind)) ?? "other");
}

export function Notes({ customer }: { customer: string }) {
  const { say } = useNoteText();
  const mayWrite = useMay("editor");
  const pages = usePages<Note>(notesPath(customer));
  const { write } = useNoteActs(customer);
  const { user } = useSession();
  return (
    <div className="notes">
      {mayWrite ? <NoteForm label={say("write")} onSave={(text) => write(text, false)} draft={`${user.id} ${customer}`} /> : null}
      <Answer query={pages} skeleton={<SkeletonRows count={3} hasFace />}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon={<FileTextOutlined />} title={say("empty")} text={say("empty_text")} />
          ) : (
            <>
              <ol className="note-list" aria-label={say("title")}>
                {pages.items.map((note) => (
                  <li key={note.id}>
                    <OneNote customer={customer} note={note} mayWrite={mayWrite} />
                  </li>
                ))}
              </ol>
              <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
            </>
          )
        }
      </Answer>
    </div>
  );
}

// What somebody began to write about a customer, while other tabs and pages are looked at.
const drafts = new Map<string, string>();

// Keeps what was typed until it is saved; `draft` names where it is kept when the form is not there.
function NoteForm({ label, text: before = "", onSave, onCancel, draft }: { label: string; text?: string; onSave: (text: string) => Promise<void>; onCancel?: () => void; draft?: string }) {
  const { say } = useNoteText();
  const [text, setText] = useState(() => (draft && drafts.get(draft)) ?? before);
  const become = (next: string) => {
    setText(next);
    if (draft) drafts.set(draft, next);
  };
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const help = useId();
  const save = async () => {
    if (isBusy || text.trim() === "") return;
    setBusy(true);
    setProblem(null);
    try {
      await onSave(text);
      if (draft) become("");
    } catch (thrown) {
      const failure = asFailure(thrown);
      setProblem(failure.kind === "conflict" ? say("conflict") : failure.message || say("failed"));
    } finally {
      setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape" && onCancel) {
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  const isWriting = text !== "" || onCancel !== undefined;
  return (
    <div className="note-form">
      <Input.TextArea
        autoFocus={onCancel !== undefined}
        aria-label={label}
        aria-describedby={help}
        aria-invalid={problem !== null}
        status={problem ? "error" : undefined}
        placeholder={say("placeholder")}
        value={text}
        maxLength={charactersMax}
        autoSize={{ minRows: isWriting ? 3 : 1, maxRows: 12 }}
        onChange={({ target }) => become(target.value)}
        onKeyDown={onKey}
      />
      {isWriting || problem ? (
        <div className="note-form-foot">
          <p id={help} className={problem ? "field-problem" : "faint"} role={problem ? "alert" : undefined}>
            {problem ?? say("keys")}
          </p>
          <div className="acts">
            {onCancel ? <Button onClick={onCancel}>{say("cancel")}</Button> : null}
            <Button type="primary" loading={isBusy} disabled={text.trim() === ""} onClick={() => void save()}>
              {say("save")}
            </Button>
          </div>
        </div>
      ) : null}
    </div>
  );
}

function OneNote({ customer, note, mayWrite }: { customer: string; note: Note; mayWrite: boolean }) {
  const { say } = useNoteText();
  const format = useFormat();
  const writer = useWriter();
  const acts = useNoteActs(customer);
  const [isEditing, setEditing] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const who = writer(note.by, note.by_name);
  return (
    <article className={note.is_pinned ? "note note-pinned" : "note"}>
      <header className="note-head">
        <Avatar name={note.by_name ?? null} seed={note.by} size={28} />
        <b className="clip">{who}</b>
        <span className="faint">
          <RelativeTime at={note.at} />
        </span>
        {note.is_pinned ? <PushpinFilled className="note-pin" aria-label={say("pinned")} /> : null}
        <span className="note-acts">
          {mayWrite ? (
            <>
              <Act label={say(note.is_pinned ? "unpin" : "pin")} icon={note.is_pinned ? <PushpinFilled /> : <PushpinOutlined />} isOn={note.is_pinned} onClick={() => void acts.pin(note, !note.is_pinned)} />
              <Act label={say("edit")} icon={<EditOutlined />} onClick={() => setEditing(true)} />
              <Act label={say("delete")} icon={<DeleteOutlined />} onClick={() => void acts.remove(note)} />
            </>
          ) : null}
          {note.version > 1 ? <Act label={say("history")} icon={<HistoryOutlined />} isOn={isOpen} onClick={() => setOpen(!isOpen)} /> : null}
        </span>
      </header>
      {isEditing ? (
        <NoteForm
          label={say("edit")}
          text={note.text}
          onCancel={() => setEditing(false)}
          onSave={async (text) => {
            await acts.change(note, { text });
            setEditing(false);
          }}
        />
      ) : (
        <p className="note-text">{note.text}</p>
      )}
      {note.edited_at ? <small className="faint">{say("edited", { when: format.instant(note.edited_at), who: writer(note.edited_by ?? "", note.edited_by_name) })}</small> : null}
      {isOpen ? <Versions note={note} /> : null}
    </article>
  );
}

function Act({ label, icon, isOn, onClick }: { label: string; icon: React.ReactNode; isOn?: boolean; onClick: () => void }) {
  return (
    <Tooltip title={label}>
      <Button type="text" size="small" aria-label={label} aria-pressed={isOn} icon={icon} onClick={onClick} />
    </Tooltip>
  );
}

function Versions({ note }: { note: Note }) {
  const { say } = useNoteText();
  const writer = useWriter();
  const path = versionsPath(note);
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<Page<NoteVersion>>(path, {}, signal) });
  return (
    <Answer query={query} skeleton={<SkeletonRows count={2} />}>
      {() => (
        <ol className="note-versions" aria-label={say("history_of")}>
          {query.data!.items.map((version) => (
            <li key={version.number}>
              <span className="faint">
                <ExactTime at={version.at} /> · {writer(version.by, version.by_name)}
                {version.is_deleted ? ` · ${say("version_deleted")}` : ""}
                {version.is_pinned ? ` · ${say("pinned")}` : ""}
              </span>
              <p className="note-text">{version.text}</p>
            </li>
          ))}
        </ol>
      )}
    </Answer>
  );
}
