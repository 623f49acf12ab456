import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { get, post } from "../../api/client";
import type { Import, Rollback } from "../../api/types";

export const importsPath = "/api/v1/imports";
export const isGoing = (one: { state: string } | null | undefined): boolean => one?.state === "waiting" || one?.state === "running";

export const rollbackPath = (id: string) => `${importsPath}/${encodeURIComponent(id)}/rollback`;

// How it stands, or how the look at it stands.
export const useRollback = (id: string, isOn: boolean) =>
  useQuery({
    queryKey: [importsPath, id, "rollback"],
    queryFn: ({ signal }) => get<Rollback>(rollbackPath(id), {}, signal),
    enabled: isOn,
    refetchInterval: ({ state }) => (isGoing(state.data) ? 500 : false),
  });

export function useRollbackActs(id: string) {
  const client = useQueryClient();
  return useMemo(() => {
    const ask = async (path: string, body: object) => {
      const answer = await post<Rollback>(path, body);
      client.setQueryData([importsPath, id, "rollback"], answer);
      return answer;
    };
    const refresh = () => client.invalidateQueries({ queryKey: [importsPath] });
    return {
      look: async () => {
        client.removeQueries({ queryKey: [`${rollbackPath(id)}/records`] });
        return ask(rollbackPath(id), { preview: true });
      },
      begin: async () => {
        const { state, started_at, done, total } = await ask(rollbackPath(id), {});
        client.setQueryData<Import>([importsPath, id], (one) => one && { ...one, rollback: { state: state as "waiting", started_at, done, total } });
        void refresh();
      },
      cancel: async () => {
        await ask(`${rollbackPath(id)}/cancel`, {});
        await refresh();
      },
    };
  }, [client, id]);
}
