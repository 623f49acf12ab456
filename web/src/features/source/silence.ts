// Whether a source has fallen silent: it sent before, and nothing for two days.
const silentMs = 2 * 86_400_000;

export function isSilent(source: { kind: string; is_active: boolean }, lastEventAt: string | null | undefined, now = Date.now()): boolean {
  return source.is_active && source.kind !== "file" && Boolean(lastEventAt) && now - Date.parse(lastEventAt!) > silentMs;
}
