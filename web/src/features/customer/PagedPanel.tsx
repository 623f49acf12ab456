// A short list beside a customer, read page by page; where there is nothing, nothing is shown.
import { Button } from "antd";
import type { ReactNode } from "react";
import { usePages } from "../../api/queries";
import { Panel } from "../../design/pieces";
import { useCustomerText } from "./texts";

interface Props<Item> {
  path: string;
  limit?: number;
  title: (items: Item[]) => string;
  className: string;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode; // an entry's content
}

export function PagedPanel<Item>({ path, limit = 50, title, className, keyOf, children }: Props<Item>) {
  const { say } = useCustomerText();
  const pages = usePages<Item>(path, {}, { limit });
  if (pages.items.length === 0) return null;
  return (
    <Panel title={title(pages.items)}>
      <ol className={className}>
        {pages.items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ol>
      {pages.hasNextPage ? (
        <Button type="text" size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.loadMore()}>
          {say("memberships.more")}
        </Button>
      ) : null}
    </Panel>
  );
}
