// Beside the title of a list: which saved one it is, the others, and what can be done with it.
import { Button, Modal, Popover } from "antd";
import { useState, type ReactNode } from "react";
import { useMay } from "../../api/session";
import type { SavedList, SavedQuestion } from "../../api/types";
import { CheckOutlined, DownOutlined, TeamOutlined } from "../../design/icons";
import { Badge } from "../../design/pieces";
import { useIsPhone } from "../../design/screen";
import { SkeletonRows } from "../../design/states";
import { NameDialog } from "./NameDialog";
import { useSavedListText } from "./texts";
import { useListActs, useSavedLists } from "./use_saved_lists";
import "./saved_list.css";

interface Props {
  current: SavedList | null;
  isChanged: boolean; // the page asks something else than `current`
  isLookup: boolean; // of an identifier, which is no question to keep
  questionNow: () => Promise<SavedQuestion>;
  onOpen: (list: SavedList | null) => void;
}

export function SavedListMenu({ current, isChanged, isLookup, questionNow, onOpen }: Props) {
  const { say } = useSavedListText();
  const isPhone = useIsPhone();
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<"new" | "rename" | null>(null);
  const acts = useListActs(onOpen);
  const close = (then: () => void) => () => {
    setOpen(false);
    then();
  };
  const content = <Choices current={current} isOpen={isOpen} isChanged={isChanged} isLookup={isLookup} acts={acts} close={close} questionNow={questionNow} onOpen={onOpen} onAsk={setAsked} />;
  const opener = (onClick?: () => void) => (
    <Button size="small" aria-label={say("menu")} aria-expanded={isOpen} onClick={onClick}>
      {say("lists")} <DownOutlined />
    </Button>
  );
  return (
    <span className="saved-list-menu">
      {isPhone ? (
        <>
          {opener(() => setOpen(true))}
          <Modal open={isOpen} title={say("menu")} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
            {content}
          </Modal>
        </>
      ) : (
        <Popover trigger="click" placement="bottomLeft" open={isOpen} onOpenChange={setOpen} content={content} destroyOnHidden>
          {opener()}
        </Popover>
      )}
      {current && isChanged ? <Badge mood="warn">{say("changed")}</Badge> : null}
      {asked === "new" ? <NameDialog title={say("new.title")} text={say("new.text")} mayShare onClose={() => setAsked(null)} onName={async (name, is_shared) => acts.create({ name, is_shared, question: await questionNow() })} /> : null}
      {asked === "rename" && current ? <NameDialog title={say("rename.title")} name={current.name} onClose={() => setAsked(null)} onName={(name) => acts.rename(current, name)} /> : null}
    </span>
  );
}

interface ChoicesProps extends Props {
  isOpen: boolean;
  acts: ReturnType<typeof useListActs>;
  close: (then: () => void) => () => void;
  onAsk: (what: "new" | "rename") => void;
}

function Choices({ current, isOpen, isChanged, isLookup, acts, close, questionNow, onOpen, onAsk }: ChoicesProps) {
  const { say } = useSavedListText();
  const mayShare = useMay("editor");
  const mayKeep = useMay("viewer");
  const { mine, shared, isKnown, isWaiting } = useSavedLists(isOpen);
  const mayChange = mayKeep && current?.may_change === true;
  const keep = close(() => void (async () => acts.keep(current!, await questionNow()))());
  // What comes later would push the acts away from under a hand.
  if (isWaiting)
    return (
      <div className="saved-lists">
        <SkeletonRows count={3} />
      </div>
    );
  return (
    <div className="saved-lists" role="group" aria-label={say("menu")}>
      <Choice isOn={current === null} onChoose={close(() => onOpen(null))}>
        {say("all")}
      </Choice>
      <Section title={say("mine")} lists={mine} current={current} onChoose={(list) => close(() => onOpen(list))()} />
      <Section title={say("shared")} lists={shared} current={current} onChoose={(list) => close(() => onOpen(list))()} />
      {isLookup ? <p className="faint">{say("lookup")}</p> : null}
      {isKnown && mine.length + shared.length === 0 ? <p className="faint">{say("none")}</p> : null}
      <div className="saved-list-acts">
        {mayChange && isChanged && !isLookup ? (
          <Button size="small" type="primary" onClick={keep}>
            {say("save_changes")}
          </Button>
        ) : null}
        {mayKeep && !isLookup ? (
          <Button size="small" onClick={close(() => onAsk("new"))}>
            {say("save_new")}
          </Button>
        ) : null}
        {mayChange ? (
          <>
            <Button size="small" onClick={close(() => onAsk("rename"))}>
              {say("rename")}
            </Button>
            {mayShare || current.is_shared ? (
              <Button size="small" onClick={close(() => void acts.share(current, !current.is_shared))}>
                {say(current.is_shared ? "unshare" : "share")}
              </Button>
            ) : null}
            <Button size="small" danger onClick={close(() => void acts.remove(current))}>
              {say("delete")}
            </Button>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Section({ title, lists, current, onChoose }: { title: string; lists: SavedList[]; current: SavedList | null; onChoose: (list: SavedList) => void }) {
  const { say } = useSavedListText();
  if (lists.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {lists.map((list) => (
        <Choice key={list.id} isOn={current?.id === list.id} onChoose={() => onChoose(list)}>
          <span className="clip">{list.name}</span>
          {list.is_own ? (
            list.is_shared ? (
              <span className="faint">
                <TeamOutlined /> {say("everybody")}
              </span>
            ) : null
          ) : list.owner_name ? (
            <span className="faint">{say("by", { name: list.owner_name })}</span>
          ) : null}
        </Choice>
      ))}
    </section>
  );
}

const Choice = ({ isOn, onChoose, children }: { isOn: boolean; onChoose: () => void; children: ReactNode }) => (
  <button type="button" className="saved-list-choice" aria-current={isOn ? "true" : undefined} onClick={onChoose}>
    {children}
    {isOn ? <CheckOutlined className="end" /> : null}
  </button>
);
