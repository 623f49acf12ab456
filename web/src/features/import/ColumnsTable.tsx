import { Select } from "antd";
import { useMemo, useState } from "react";
import type { ImportColumn, ImportPreview } from "../../api/types";
import { DataTable } from "../../design/DataTable";
import { useFormat } from "../../design/format_context";
import { Badge } from "../../design/pieces";
import type { Formats, Targets } from "./targets";
import { useImportText } from "./texts";
import { usePlaces, type PlaceGroup } from "./use_wizard";

interface Props {
  preview: ImportPreview;
  targets: Targets;
  formats: Formats;
  onTarget: (column: string, places: string[]) => void;
  onFormat: (column: string, format: string) => void;
}

// Each column: what it looks like, and where it goes.
export function ColumnsTable({ preview, targets, formats, onTarget, onFormat }: Props) {
  const { say, sayCode } = useImportText();
  const format = useFormat();
  const groups = usePlaces(preview.as);
  const known = useMemo(() => new Map(groups.flatMap((group) => group.options.map((option) => [option.value, option.label]))), [groups]);
  // A map that was written by hand may name what no list has.
  const optionsFor = (column: string) => {
    const strange = (targets[column] ?? []).filter((place) => !known.has(place)).map((place) => ({ value: place, label: place.split("/").at(-1)! }));
    return strange.length > 0 ? [...groups, { label: say("group.other"), options: strange }] : groups;
  };
  const place = (column: ImportColumn) => <PlaceSelect column={column.name} places={targets[column.name] ?? []} groups={optionsFor(column.name)} onChange={(places) => onTarget(column.name, places)} />;
  const written = (column: ImportColumn) => {
    const isDate = column.kind === "date" && (column.is_ambiguous || column.format);
    const isNumber = ["money", "number"].includes(column.kind) && (column.format === "decimal_comma" || formats[column.name]);
    if (!targets[column.name] || (!isDate && !isNumber)) return null;
    const choices = isDate ? ["day_first", "month_first"] : ["decimal_point", "decimal_comma"];
    return (
      <Select
        className="written"
        aria-label={say("written_of", { column: column.name })}
        status={column.is_ambiguous && !formats[column.name] ? "warning" : undefined}
        placeholder={say("written.ask")}
        value={formats[column.name] ?? (column.is_ambiguous ? undefined : column.format)}
        options={choices.map((one) => ({ value: one, label: sayCode("written", one) }))}
        onChange={(one) => onFormat(column.name, one)}
      />
    );
  };
  return (
    <div className="columns-table">
      <DataTable<ImportColumn>
        label={say("columns")}
        rows={preview.columns}
        rowKey={(column) => column.name}
        columns={[
          { key: "name", title: say("column"), isMain: true, width: "20%", cell: (column) => <b className="file">{column.name}</b> },
          {
            key: "kind",
            title: say("looks_like"),
            width: "16%",
            cell: (column) => (
              <span className="looks">
                <Badge mood={column.kind === "blank" ? "plain" : column.confidence_percent >= 80 ? "good" : "warn"}>{sayCode("kind", column.kind)}</Badge>
                {column.kind === "blank" ? null : <small className="soft tabular">{say("percent", { percent: column.confidence_percent })}</small>}
              </span>
            ),
          },
          { key: "samples", title: say("examples"), width: "24%", cell: (column) => <span className="samples soft">{column.samples.slice(0, 3).join(" · ")}</span> },
          {
            key: "bad",
            title: say("bad"),
            align: "right",
            width: 90,
            cell: (column) => (column.bad > 0 ? <span className="bad tabular">{format.number(column.bad)}</span> : <span className="faint">0</span>),
          },
          {
            key: "place",
            title: say("goes_to"),
            cell: (column) => (
              <div className="goes">
                {place(column)}
                {written(column)}
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}

// Closes with the choice: most columns go to one place, and Tab in an open list would take a second.
function PlaceSelect({ column, places, groups, onChange }: { column: string; places: string[]; groups: PlaceGroup[]; onChange: (places: string[]) => void }) {
  const { say } = useImportText();
  const [isOpen, setOpen] = useState(false);
  return (
    <Select
      mode="multiple"
      className="places"
      aria-label={say("goes_to_of", { column })}
      placeholder={say("goes_nowhere")}
      value={places}
      options={groups}
      open={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      showSearch={{ filterOption: (input, option) => String(option?.label ?? "").toLowerCase().includes(input.toLowerCase()) }}
      onChange={onChange}
      allowClear
    />
  );
}
