// Which types of identifiers there are, and what they are called.
import { useQuery } from "@tanstack/react-query";
import { get, request } from "../../api/client";
import type { IdentityPolicy, IdentityTypeInput } from "../../api/types";
import { useIdentityText } from "./texts";

export const policyPath = "/api/v1/identity/policy";
const whileSweepingMs = 1000;

export const readPolicy = () => get<IdentityPolicy>(policyPath);
export const usePolicy = () => useQuery({ queryKey: [policyPath], queryFn: readPolicy, refetchInterval: ({ state }) => (state.data?.is_sweeping ? whileSweepingMs : false) });
export const savePolicy = (types: IdentityTypeInput[], version: number) => request<IdentityPolicy>("PUT", policyPath, { body: { types }, version });

export function useTypeName() {
  const { language } = useIdentityText();
  const types = usePolicy().data?.types ?? [];
  return (code: string): string => types.find((type) => type.code === code)?.label[language] ?? code;
}
