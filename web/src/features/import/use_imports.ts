import { usePages } from "../../api/queries";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLive } from "../../api/live";
import type { Import } from "../../api/types";

export const importsPath = "/api/v1/imports";
export const isGoing = (one: { state: string } | null | undefined): boolean => one?.state === "waiting" || one?.state === "running";
export const isMoving = (one: Import | undefined): boolean => isGoing(one) || isGoing(one?.rollback);

// The list keeps itself fresh while something runs.
export function useImports() {
  const client = useQueryClient();
  const pages = usePages<Import>(importsPath, {}, { limit: null });
  const refresh = () => void client.invalidateQueries({ queryKey: [importsPath] });
  const isRunning = pages.items.some(isMoving);
  useLive(refresh);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: [importsPath] }), 2000);
    return () => clearInterval(timer);
  }, [isRunning, client]);
  return pages;
}
