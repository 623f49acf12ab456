// What of WeChat's `wx` the tracker uses, as its documentation has it. Older WeChats lack some of it, so what may be missing is optional.

export interface Answer {
  statusCode: number;
  data: unknown;
  header?: Record<string, unknown>;
}

export interface Request {
  url: string;
  method: "GET" | "POST";
  data?: string;
  header?: Record<string, string>;
  timeout: number;
  success(answer: Answer): void;
  fail(): void;
}

/** What getSystemInfoSync says, and in parts the newer calls. */
export interface SystemFacts {
  brand?: string;
  model?: string;
  system?: string;
  platform?: string;
  language?: string;
  screenWidth?: number;
  screenHeight?: number;
  pixelRatio?: number;
}

export interface Wx {
  getStorageSync(name: string): unknown;
  setStorageSync(name: string, value: string): void;
  removeStorageSync(name: string): void;
  getStorageInfoSync(): { keys: string[] };
  request(asked: Request): unknown;
  onNetworkStatusChange?(heard: (network: { isConnected: boolean }) => void): void;
  setNavigationBarTitle?(asked: { title?: string }): unknown;
  getAccountInfoSync?(): { miniProgram?: { appId?: string; version?: string; envVersion?: string } };
  getSystemInfoSync?(): SystemFacts;
  getDeviceInfo?(): SystemFacts;
  getWindowInfo?(): SystemFacts;
  getAppBaseInfo?(): SystemFacts;
}

export type Query = Record<string, unknown>;

/** A page as WeChat makes it of its definition. */
export interface PageInstance {
  route?: string;
  options?: Query;
}

/** What App.onShow hears. */
export interface Launch {
  path?: string;
  query?: Query;
  scene?: number;
  referrerInfo?: { appId?: string };
}
