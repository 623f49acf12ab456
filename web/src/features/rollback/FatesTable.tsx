import type { Rollback } from "../../api/types";
import { useFormat } from "../../design/format_context";
import { fates, rowsOf } from "./rollback";
import { useRollbackText } from "./texts";

// How many of each kind go, return and stay.
export function FatesTable({ rollback, isDone }: { rollback: Rollback; isDone: boolean }) {
  const { say } = useRollbackText();
  const format = useFormat();
  const rows = rowsOf(rollback);
  if (rows.length === 0) return null;
  return (
    <div className="table-frame">
      <table className="table fates" aria-label={say("counts")}>
        <thead>
          <tr>
            <th scope="col">{say("kind")}</th>
            {fates.map((fate) => (
              <th scope="col" className="right" key={fate}>
                {isDone ? say(`fated.${fate}`) : say(`fate.${fate}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, counts }) => (
            <tr key={kind}>
              <th scope="row">{say(`brought.${kind}`)}</th>
              {fates.map((fate) => (
                <td key={fate} className={counts[fate] === 0 ? "right tabular faint" : "right tabular"}>
                  {format.number(counts[fate])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
