// A short word after an act: what was done, or that it was not.
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { CheckCircleFilled, CloseCircleFilled } from "./icons";
import { isDialogOpen, isTyping, useShortcuts } from "./keyboard";

interface Toast {
  id: number;
  mood: "good" | "bad";
  text: string;
  act?: Act;
  isGone?: boolean; // no longer seen, but its place is kept
}
// What can still be done about it.
interface Act {
  kind: "undo" | "other"; // ⌘Z runs an undo alone
  label: string;
  run: () => void;
}
interface Toasts {
  done: (text: string, act?: Act) => void;
  failed: (text: string) => void;
  clear: () => void;
}

const ToastContext = createContext<Toasts>({ done: () => {}, failed: () => {}, clear: () => {} });
export const useToast = () => use(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const count = useRef(0);
  const drop = useCallback((id: number) => setToasts((before) => without(before, id)), []);
  const show = useCallback(
    (mood: Toast["mood"], text: string, act?: Act) => {
      const id = ++count.current;
      setToasts((before) => [...before.filter(({ isGone }) => !isGone).slice(-2), { id, mood, text, act }]);
      setTimeout(() => drop(id), act ? 12_000 : mood === "good" ? 4000 : 8000);
    },
    [drop],
  );
  const value = useMemo(() => ({ done: (text: string, act?: Act) => show("good", text, act), failed: (text: string) => show("bad", text), clear: () => setToasts([]) }), [show]);
  const run = ({ id, act }: Toast) => {
    drop(id);
    act?.run();
  };
  // ⌘Z undoes the newest that can be undone, but where somebody types it is the text's, and in a dialog the dialog's.
  useShortcuts({
    "mod+z": (event) => {
      const newest = toasts.findLast(({ act, isGone }) => act?.kind === "undo" && !isGone);
      if (!newest || event.repeat || event.shiftKey || isTyping(event.target) || isDialogOpen()) return;
      event.preventDefault();
      run(newest);
    },
  });
  return (
    <ToastContext value={value}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.mood}`} hidden={toast.isGone}>
            {toast.mood === "good" ? <CheckCircleFilled /> : <CloseCircleFilled />}
            <span>{toast.text}</span>
            {toast.act ? (
              <button type="button" className="toast-act" onClick={() => run(toast)}>
                {toast.act.label}
              </button>
            ) : null}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

// Those beneath it stay where they are, lest a hand that reaches for one misses it: its place is given up with theirs, or to the next that comes.
function without(toasts: Toast[], id: number): Toast[] {
  const left = toasts.map((toast) => (toast.id === id ? { ...toast, isGone: true } : toast));
  return left.slice(0, left.findLastIndex(({ isGone }) => !isGone) + 1);
}
