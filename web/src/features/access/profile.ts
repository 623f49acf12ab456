import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { patch, request } from "../../api/client";
import { asFailure } from "../../api/failure";
import { sessionKey } from "../../api/queries";
import { readSession } from "../../api/session";
import type { Language, Profile, Session } from "../../api/types";
import { useToast } from "../../design/toast";
import { useAccessText } from "./texts";

type Change = { name?: string; locale?: string };

// One's own name and language. When another tab changed them first, the newest version is read and the change is made again.
export function useSaveProfile() {
  const client = useQueryClient();
  return async (change: Change): Promise<void> => {
    const save = async (session: Session | null | undefined) => {
      if (!session) return;
      const user = await patch<Profile>("/api/v1/session/user", change, session.user.version);
      client.setQueryData<Session>(sessionKey, (before) => (before ? { ...before, user: { ...before.user, ...user } } : before));
    };
    try {
      await save(client.getQueryData<Session>(sessionKey));
    } catch (thrown) {
      if (asFailure(thrown).kind !== "conflict") throw thrown;
      await save(await readSession());
    }
  };
}

// The switch has already happened on screen; failing to remember it is no reason to stop anybody.
export function useSaveLanguage() {
  const save = useSaveProfile();
  return (locale: Language): void => void save({ locale }).catch(() => undefined);
}

// A language chosen at the door is meant for the person who then comes in.
let chosenAtTheDoor: Language | null = null;
export const chooseAtTheDoor = (language: Language): void => {
  chosenAtTheDoor = language;
};

export function useSignedIn() {
  const client = useQueryClient();
  const toast = useToast();
  const saveLanguage = useSaveLanguage();
  return (session: Session): void => {
    const locale = chosenAtTheDoor ?? session.user.locale;
    chosenAtTheDoor = null;
    client.clear();
    toast.clear(); // those of whoever's session ended
    client.setQueryData<Session>(sessionKey, { ...session, user: { ...session.user, locale } });
    if (locale !== session.user.locale) saveLanguage(locale as Language);
  };
}

export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const { say } = useAccessText();
  return async (): Promise<void> => {
    try {
      await request("DELETE", "/api/v1/session");
    } catch (thrown) {
      if (asFailure(thrown).kind !== "signed_out") {
        toast.failed(say("sign_out_failed"));
        return;
      }
    }
    await navigate({ to: "/sign-in" });
    client.clear();
    toast.clear();
    client.setQueryData(sessionKey, null);
  };
}
