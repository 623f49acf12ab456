// Where a mini-program runs, in the names that Segment gives such things. What is not known is undefined, and so left out of what is sent.
import type { Properties } from "../elements";
import type { SystemFacts, Wx } from "./wx";

function said<T>(ask: (() => T) | undefined): Partial<T> {
  try {
    return ask?.() ?? {};
  } catch {
    return {};
  }
}

export const accountOf = (wx: Wx) => said(wx.getAccountInfoSync?.bind(wx)).miniProgram ?? {};

function systemOf(wx: Wx): SystemFacts {
  if (!wx.getDeviceInfo || !wx.getWindowInfo || !wx.getAppBaseInfo) return said(wx.getSystemInfoSync?.bind(wx));
  return { ...said(wx.getAppBaseInfo.bind(wx)), ...said(wx.getWindowInfo.bind(wx)), ...said(wx.getDeviceInfo.bind(wx)) };
}

const zone = () => Intl.DateTimeFormat().resolvedOptions();

export function surroundingsOf(wx: Wx, version: string): Properties {
  const { appId, version: appVersion, envVersion } = accountOf(wx);
  const { brand, model, system = "", platform, language, screenWidth, screenHeight, pixelRatio } = systemOf(wx);
  const [, os = system, osVersion] = /^(.*?) +([\d.]+)$/.exec(system) ?? [];
  return {
    library: { name: "onefold-mini.js", version },
    app: { namespace: appId, version: appVersion || undefined, build: envVersion },
    device: { manufacturer: brand, model, type: platform },
    os: { name: os || undefined, version: osVersion },
    locale: language?.replace("_", "-"),
    timezone: said(zone).timeZone,
    screen: { width: screenWidth, height: screenHeight, density: pixelRatio },
  };
}
