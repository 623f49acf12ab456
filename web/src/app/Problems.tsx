// What is wrong with the server, above every page, for everybody.
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { get } from "../api/client";
import type { ServerState } from "../api/types";

const path = "/api/v1/state";
const askedEvery = 30_000;

export function Problems() {
  const { data } = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<ServerState>(path, undefined, signal), refetchInterval: askedEvery });
  return data?.problems.map(({ code, message }) => <Alert key={code} className="server-problem" banner type={code.endsWith("recovery_needed") ? "error" : "warning"} role="alert" title={message} />);
}
