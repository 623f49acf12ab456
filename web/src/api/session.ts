import { queryOptions, useQuery } from "@tanstack/react-query";
import { get } from "./client";
import { useConnection } from "./connection";
import { asFailure } from "./failure";
import { sessionKey } from "./queries";
import type { Role, Session } from "./types";

// null: nobody is signed in.
export const readSession = async (): Promise<Session | null> => {
  try {
    return await get<Session>("/api/v1/session");
  } catch (thrown) {
    if (asFailure(thrown).kind === "signed_out") return null;
    throw thrown;
  }
};

export const sessionQuery = queryOptions({ queryKey: sessionKey, queryFn: readSession, staleTime: 5 * 60_000 });
export const useSessionQuery = () => useQuery(sessionQuery);

// Inside the signed-in shell.
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error("no session");
  return data;
}

const ranks: Role[] = ["viewer", "editor", "admin"];
export const reaches = (role: Role, least: Role): boolean => ranks.indexOf(role) >= ranks.indexOf(least);
// Nothing can be changed while even the session is read from what is kept.
export function useMay(least: Role): boolean {
  const { isReading } = useConnection();
  return reaches(useSession().user.role, least) && !isReading;
}
