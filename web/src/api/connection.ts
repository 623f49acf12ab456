// Whether the server answers, and whether what is shown was kept from before.
import { useSyncExternalStore } from "react";

export interface Connection {
  isLost: boolean;
  isReading: boolean; // who is signed in was told by what is kept: then nothing can be changed
}

let state: Connection = { isLost: false, isReading: false };
const listeners = new Set<() => void>();

function become(next: Connection): void {
  if (next.isLost === state.isLost && next.isReading === state.isReading) return;
  state = next;
  listeners.forEach((call) => call());
}

export const answered = (url: string): void => become({ isLost: false, isReading: state.isReading && url !== "/api/v1/session" });
export const answeredFromKept = (url: string): void => become({ isLost: true, isReading: state.isReading || url === "/api/v1/session" });
export const isLost = (): boolean => state.isLost;
export const lost = (): void => become({ ...state, isLost: true });

const subscribe = (call: () => void) => {
  listeners.add(call);
  return () => void listeners.delete(call);
};
export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => state, () => state);
