// What the page of a customer asks first, asked while the page itself is still on its way.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { get } from "../../api/client";
import { pagesOf } from "../../api/queries";
import { sessionQuery } from "../../api/session";
import type { CustomerPage, TimelineItem } from "../../api/types";

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id],
    queryFn: ({ signal }) => get<CustomerPage>(`/api/v1/customers/${encodeURIComponent(id)}`, {}, signal),
  });

export const timelinePath = (id: string): string => `/api/v1/customers/${encodeURIComponent(id)}/timeline`;
export const timelineLimit = 50;

export async function readAhead(client: QueryClient, id: string): Promise<void> {
  try {
    if (!(await client.ensureQueryData(sessionQuery))) return;
    await Promise.all([client.prefetchQuery(customerQuery(id)), client.prefetchInfiniteQuery(pagesOf<TimelineItem>(timelinePath(id), {}, timelineLimit))]);
  } catch {
    // the page asks once more, and says what failed
  }
}
