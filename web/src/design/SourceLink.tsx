// The name of a source as a way to its page.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { get } from "../api/client";
import type { Page, Source } from "../api/types";

const path = "/api/v1/sources";

function useSourceId(name: string): string | undefined {
  const { data } = useQuery({
    queryKey: [path, "names"],
    queryFn: ({ signal }) => get<Page<Source>>(path, {}, signal),
    select: ({ items }) => items.find((source) => source.name === name)?.id,
    staleTime: 5 * 60_000,
  });
  return data;
}

export function SourceLink({ name }: { name: string }) {
  const id = useSourceId(name);
  if (!id) return <span>{name}</span>;
  return (
    <Link to="/sources/$id" params={{ id }} className="source-link">
      {name}
    </Link>
  );
}
