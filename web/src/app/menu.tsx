// Every page that the menu, the phone's tab bar and the search know.
import { ApartmentOutlined, BankOutlined, CheckCircleOutlined, CloudUploadOutlined, FunctionOutlined, HomeOutlined, IdcardOutlined, MergeCellsOutlined, SafetyCertificateOutlined, SaveOutlined, StopOutlined, SwapOutlined, TeamOutlined, ThunderboltOutlined } from "../design/icons";
import type { ReactNode } from "react";
import { useMay } from "../api/session";
import { useAppText } from "./texts";

export interface Entry {
  to: "/" | "/customers" | "/quality" | "/review" | "/sources" | "/events" | "/imports" | "/values" | "/survivorship" | "/people" | "/fields" | "/functions" | "/company" | "/backups";
  label: string;
  icon: ReactNode;
  group: "daily" | "setup";
}

export function useMenu(): Entry[] {
  const { say } = useAppText();
  const isAdmin = useMay("admin");
  const entries: Entry[] = [
    { to: "/", label: say("nav.home"), icon: <HomeOutlined />, group: "daily" },
    { to: "/customers", label: say("nav.customers"), icon: <TeamOutlined />, group: "daily" },
    { to: "/review", label: say("nav.review"), icon: <MergeCellsOutlined />, group: "daily" },
    { to: "/quality", label: say("nav.quality"), icon: <SwapOutlined />, group: "setup" },
    { to: "/sources", label: say("nav.sources"), icon: <ApartmentOutlined />, group: "setup" },
    { to: "/events", label: say("nav.events"), icon: <ThunderboltOutlined />, group: "setup" },
    { to: "/imports", label: say("nav.imports"), icon: <CloudUploadOutlined />, group: "setup" },
    { to: "/values", label: say("nav.values"), icon: <StopOutlined />, group: "setup" },
    { to: "/survivorship", label: say("nav.survivorship"), icon: <CheckCircleOutlined />, group: "setup" },
    { to: "/fields", label: say("nav.fields"), icon: <IdcardOutlined />, group: "setup" },
    { to: "/functions", label: say("nav.functions"), icon: <FunctionOutlined />, group: "setup" },
    { to: "/people", label: say("nav.people"), icon: <SafetyCertificateOutlined />, group: "setup" },
    { to: "/company", label: say("nav.company"), icon: <BankOutlined />, group: "setup" },
    { to: "/backups", label: say("nav.backups"), icon: <SaveOutlined />, group: "setup" },
  ];
  return isAdmin ? entries : entries.filter((entry) => entry.to !== "/people" && entry.to !== "/backups");
}
