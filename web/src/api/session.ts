import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
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

export const useSessionQuery = () =>
  useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 5 * 60_000 });

// Inside the signed-in shell.
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error("no session");
  return data;
}

const ranks: Role[] = ["viewer", "editor", "admin"];
export const reaches = (role: Role, least: Role): boolean => ranks.indexOf(role) >= ranks.indexOf(least);
export const useMay = (least: Role): boolean => reaches(useSession().user.role, least);
