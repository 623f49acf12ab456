// How the figures behind the catalogue stand; asked again while they are not whole.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { get } from "../../api/client";
import type { Columns } from "../../api/types";

const path = "/api/v1/columns";
export const eventTypesPath = "/api/v1/event_types";

export function useColumns() {
  const client = useQueryClient();
  const columns = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Columns>(path, {}, signal),
    refetchInterval: (query) => (query.state.data?.state === "following" ? false : 1000),
  });
  const state = columns.data?.state;
  const before = useRef(state);
  useEffect(() => {
    if (before.current && before.current !== state) void client.invalidateQueries({ queryKey: [eventTypesPath] });
    before.current = state;
  }, [state, client]);
  return columns.data;
}
