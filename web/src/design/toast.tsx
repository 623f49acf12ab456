// A short word after an act: what was done, or that it was not.
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { CheckCircleFilled, CloseCircleFilled } from "./icons";

interface Toast {
  id: number;
  mood: "good" | "bad";
  text: string;
}
interface Toasts {
  done: (text: string) => void;
  failed: (text: string) => void;
}

const ToastContext = createContext<Toasts>({ done: () => {}, failed: () => {} });
export const useToast = () => use(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const count = useRef(0);
  const show = useCallback((mood: Toast["mood"], text: string) => {
    const id = ++count.current;
    setToasts((before) => [...before.slice(-2), { id, mood, text }]);
    setTimeout(() => setToasts((before) => before.filter((toast) => toast.id !== id)), mood === "good" ? 4000 : 8000);
  }, []);
  const value = useMemo(() => ({ done: (text: string) => show("good", text), failed: (text: string) => show("bad", text) }), [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.mood}`}>
            {toast.mood === "good" ? <CheckCircleFilled /> : <CloseCircleFilled />}
            {toast.text}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
