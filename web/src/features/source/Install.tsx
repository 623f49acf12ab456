import { Segmented } from "antd";
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/session";
import type { Source } from "../../api/types";
import { CodeBlock } from "../../design/pieces";
import { examplesOf } from "./examples";
import { placeholder, waysOf } from "./ways";
import { useSourceText } from "./texts";

export function Install({ source }: { source: Source }) {
  const { say } = useSourceText();
  const isAdmin = useMay("admin");
  const ways = waysOf(source.kind, source.name, window.location.origin);
  const [chosen, choose] = useState(ways[0]!.name);
  const way = ways.find(({ name }) => name === chosen) ?? ways[0]!;
  return (
    <div className="install">
      {ways.length > 1 ? <Segmented className="ways" aria-label={say("ways")} value={way.name} onChange={choose} options={ways.map(({ name }) => ({ value: name, label: say(`way.${name}`) }))} /> : null}
      <p>
        {say(`way_text.${way.name}`, { origin: window.location.origin })}{" "}
        {way.download ? (
          <a href={way.download} download>
            {say("download_file", { file: way.download })}
          </a>
        ) : null}
      </p>
      <CodeBlock text={way.code} label={say(`way.${way.name}`)} />
      {source.kind === "file" ? null : (
        <p className="soft">
          {say("key_goes_here", { placeholder, hint: source.write_key_hint })}{" "}
          {isAdmin ? (
            <Link to="/sources/$id" params={{ id: source.id }} search={{ tab: "keys" }}>
              {say("to_keys")}
            </Link>
          ) : null}
        </p>
      )}
      {examplesOf(way.name, window.location.origin).map(({ name, code }) => (
        <section key={name} className="example">
          <h3>{say(`example.${name}`)}</h3>
          <p className="soft">{say(`example_text.${name}`)}</p>
          <CodeBlock text={code} label={say(`example.${name}`)} />
        </section>
      ))}
    </div>
  );
}
