// What a server says of everything in its folder, and whether another says the same.

/** Everything that is asked for by its own address; what this version has no route for is left out. */
export async function said_of(api) {
  const get = async (path) => {
    const { status, body } = await api.get(path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const positions = [...(await get("/metrics")).matchAll(/^onefold_(visible|log_end)_position (\d+)/gm)].map(([, name, position]) => [name, Number(position)]);
  const said = { positions: Object.fromEntries(positions), company: await get("/api/v1/company"), sources: (await get("/api/v1/sources")).items, imports: (await get("/api/v1/imports")).items };
  said.customers = await api.all("/api/v1/customers?limit=1000");
  for (const customer of said.customers) {
    customer.page = await get(`/api/v1/customers/${customer.id}`);
    customer.lineage = await get(`/api/v1/customers/${customer.id}/lineage`);
    customer.timeline = await api.all(`/api/v1/customers/${customer.id}/timeline?limit=200`);
  }
  for (const [name, path] of [["orders", "/api/v1/orders"], ["tickets", "/api/v1/tickets"]]) {
    said[name] = await api.all(`${path}?limit=1000`);
    for (const item of said[name]) item.page = await get(`${path}/${item.id}`);
  }
  return said;
}

/** Where `now` does not say what `then` said; that it says more is no difference. */
export function missing_in(now, then, path = "") {
  if (then === null || typeof then !== "object") return now === then ? [] : [`${path}: ${JSON.stringify(now)} instead of ${JSON.stringify(then)}`];
  if (now === null || typeof now !== "object") return [`${path}: ${JSON.stringify(now)} instead of something whole`];
  const missing = Array.isArray(then) && now.length !== then.length ? [`${path}: ${now.length} instead of ${then.length}`] : [];
  return [...missing, ...Object.keys(then).flatMap((key) => missing_in(now[key], then[key], `${path}/${key}`))];
}
