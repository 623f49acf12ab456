// Whether the map on the page is what somebody corrected: it stays when the source is chosen, though that may remember another map.
import { useState } from "react";

// `read`: how the file is read, `proposed`: the map for it. Once it is read otherwise, the corrections are gone, and reading it as before does not bring them back.
export function useHeld(read: string, proposed: string) {
  const [held, setHeld] = useState<{ read: string; proposed: string } | null>(null);
  if (held !== null && held.read !== read) setHeld(null);
  const isHeld = held?.read === read;
  return {
    isHeld,
    key: read + (isHeld ? held.proposed : proposed), // another key is another map
    hold: () => {
      if (!isHeld) setHeld({ read, proposed });
    },
  };
}
