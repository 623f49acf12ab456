import { useSyncExternalStore } from "react";

const phone = "(max-width: 768px)";
const subscribe = (call: () => void) => {
  const query = window.matchMedia(phone);
  query.addEventListener("change", call);
  return () => query.removeEventListener("change", call);
};
export const useIsPhone = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(phone).matches, () => false);
