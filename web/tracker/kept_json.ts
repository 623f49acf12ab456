/** What was kept as JSON; null where nothing was, or where somebody else wrote over it. */
export function keptJson<T>(text: string | null): T | null {
  try {
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null;
  }
}
