// What was sent and what is known of it, held against what is stored. Pure.

/** Requests, each with the message ids it carried: "ok" was acknowledged, "fail" was refused, "unknown" got no answer. */
export class History {
  requests = [];

  begin(ids) {
    const request = { ids, state: "unknown" };
    this.requests.push(request);
    return request;
  }
  count = (state) => this.requests.reduce((sum, request) => sum + (request.state === state ? request.ids.length : 0), 0);
}

/**
 * What is wrong with `stored`, the message ids of the log in their order: nothing acknowledged is missing, nothing is there twice, nothing refused
 * and nothing that nobody sent is there, and of an unanswered request all is there or nothing.
 */
export function complaints_about(history, stored) {
  const times = new Map();
  for (const id of stored) times.set(id, (times.get(id) ?? 0) + 1);
  const complaints = [];
  const sent = new Set();
  for (const [id, count] of times) if (count > 1) complaints.push(`${id} is stored ${count} times`);
  const acknowledged = new Set(history.requests.filter(({ state }) => state === "ok").flatMap(({ ids }) => ids));
  for (const { ids, state } of history.requests) {
    ids.forEach((id) => sent.add(id));
    const own = ids.filter((id) => !acknowledged.has(id)); // a repeated request may have been acknowledged at another time
    const there = own.filter((id) => times.has(id));
    if (state === "ok") for (const id of ids) if (!times.has(id)) complaints.push(`${id} was acknowledged and is lost`);
    if (state === "fail" && there.length > 0) complaints.push(`${there[0]} was refused and is stored`);
    if (state === "unknown" && there.length > 0 && there.length < own.length) complaints.push(`of an unanswered request ${there.length} of ${own.length} messages are stored`);
  }
  for (const id of times.keys()) if (!sent.has(id)) complaints.push(`${id} is stored and was never sent`);
  return complaints;
}
