import { ApartmentOutlined, ApiOutlined, FileTextOutlined, GlobalOutlined, PlusOutlined } from "../../design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { usePages } from "../../api/queries";
import { useMay } from "../../api/session";
import type { Source } from "../../api/types";
import { useWords } from "../../design/address";
import { DataTable, MoreRows } from "../../design/DataTable";
import { PageHeader, RelativeTime } from "../../design/pieces";
import { Answer, EmptyState, SkeletonRows } from "../../design/states";
import { CreateSource } from "./CreateSource";
import { useSourceText } from "./texts";

export const kindIcons = { tracker: <GlobalOutlined />, api: <ApiOutlined />, file: <FileTextOutlined /> };
const path = "/api/v1/sources";

export function SourcesPage() {
  const { say } = useSourceText();
  const client = useQueryClient();
  const pages = usePages<Source>(path, {}, { limit: null });
  const mayCreate = useMay("admin");
  const [words, change] = useWords();
  const open = () => change({ new: "1" });
  const create = mayCreate ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={open}>
      {say("create")}
    </Button>
  ) : null;
  return (
    <div className="page">
      <PageHeader title={say("title")} note={say("note")}>
        {pages.items.length > 0 ? create : null}
      </PageHeader>
      <section className="panel">
        <Answer query={pages} skeleton={<SkeletonRows count={4} />}>
          {() =>
            pages.items.length === 0 ? (
              <EmptyState icon={<ApartmentOutlined />} title={say("empty.title")} text={mayCreate ? say("empty.text") : say("refused")}>
                {create}
              </EmptyState>
            ) : (
              <DataTable
                label={say("title")}
                rows={pages.items}
                rowKey={(source) => source.id}
                columns={[
                  { key: "name", title: say("name"), isMain: true, cell: (source) => <b>{source.name}</b> },
                  { key: "kind", title: say("kind"), cell: (source) => <span className="with-icon">{kindIcons[source.kind]} {say(`kind.${source.kind}`)}</span> },
                  { key: "zone", title: say("zone"), cell: (source) => source.zone.replaceAll("_", " ") },
                  { key: "currency", title: say("currency"), cell: (source) => source.currency },
                  { key: "key", title: say("key"), cell: (source) => <code>{source.write_key_hint}</code> },
                  { key: "created", title: say("created"), align: "right", cell: (source) => <RelativeTime at={source.created_at} /> },
                ]}
              />
            )
          }
        </Answer>
        <MoreRows hasMore={pages.hasNextPage} isLoading={pages.isFetchingNextPage} onMore={pages.loadMore} />
      </section>
      {words.new && mayCreate ? (
        <CreateSource
          onClose={() => {
            change({ new: null }, "replace");
            void client.invalidateQueries({ queryKey: [path] });
          }}
        />
      ) : null}
    </div>
  );
}
