// Shortcuts that leave text fields, dialogs and input methods alone.
import { useEffect, useEffectEvent } from "react";

// Safari ends a composition before the key that confirmed it arrives, hence the 100 ms.
let composedAt = 0;
if (typeof document !== "undefined") document.addEventListener("compositionend", () => (composedAt = performance.now()), true);

interface KeyLike {
  isComposing?: boolean;
  keyCode?: number;
  nativeEvent?: { isComposing?: boolean; keyCode?: number };
}
export const isComposing = (event: KeyLike, now: number = performance.now()): boolean => {
  const native = event.nativeEvent ?? event;
  return Boolean(native.isComposing) || native.keyCode === 229 || (composedAt > 0 && now - composedAt < 100);
};

// A radio button or a tick takes no letters.
const isMark = (target: HTMLElement): boolean => target instanceof HTMLInputElement && ["radio", "checkbox"].includes(target.type);
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && !isMark(target) && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
// One that was closed may stay in the document, hidden.
export const isDialogOpen = (): boolean => [...document.querySelectorAll('[role="dialog"]:not([aria-hidden="true"]):not([data-quiet])')].some((dialog) => dialog.checkVisibility());

// Keys without modifiers ("j", "Enter"), and "mod+k" for ⌘K or Ctrl+K, which also works while typing.
export function useShortcuts(shortcuts: Record<string, (event: KeyboardEvent) => void>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return;
    const hasModifier = event.metaKey || event.ctrlKey;
    const name = hasModifier ? `mod+${event.key.toLowerCase()}` : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const run = shortcuts[name];
    if (!run || event.altKey) return;
    if (!hasModifier && (isTyping(event.target) || isDialogOpen())) return;
    run(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}
