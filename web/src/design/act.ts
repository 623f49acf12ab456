// One act of a dialog: it is busy until it is done, and closes it then; what goes wrong is told in it, and may be tried again.
import { useState } from "react";
import { asFailure, type Failure } from "../api/failure";

export function useAct(act: () => Promise<void>) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await act();
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };
  return { run: () => void run(), isBusy, failure };
}
