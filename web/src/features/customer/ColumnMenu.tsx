// Chooses the columns: which are shown, in which order, and which stay in sight. All of it by key.
import { Button, Popover } from "antd";
import { ArrowDownOutlined, ArrowUpOutlined, PushpinFilled, PushpinOutlined, SettingOutlined } from "../../design/icons";
import { freeze, moveBy, show, usualLayout, type Layout } from "./columns";
import { useCustomerText } from "./texts";

interface Props {
  layout: Layout;
  codes: string[]; // all there are
  isUsual: boolean;
  labelOf: (code: string) => string;
  onLayout: (next: Layout) => void;
}

export function ColumnMenu({ layout, codes, isUsual, labelOf, onLayout }: Props) {
  const { say } = useCustomerText();
  const others = codes.filter((code) => !layout.some((one) => one.code === code));
  const content = (
    <div className="column-menu" role="group" aria-label={say("columns")}>
      <ul>
        {layout.map(({ code, isFrozen }, index) => {
          const name = labelOf(code);
          return (
            <li key={code}>
              <label>
                <input type="checkbox" checked disabled={code === "name"} onChange={() => onLayout(show(layout, code, false))} /> <span className="clip">{name}</span>
              </label>
              <Button type="text" size="small" aria-pressed={isFrozen} aria-label={say(isFrozen ? "columns.release" : "columns.freeze", { name })} icon={isFrozen ? <PushpinFilled /> : <PushpinOutlined />} onClick={() => onLayout(freeze(layout, code, !isFrozen))} />
              <Button type="text" size="small" aria-label={say("columns.earlier", { name })} disabled={index === 0} icon={<ArrowUpOutlined />} onClick={() => onLayout(moveBy(layout, code, -1))} />
              <Button type="text" size="small" aria-label={say("columns.later", { name })} disabled={index === layout.length - 1} icon={<ArrowDownOutlined />} onClick={() => onLayout(moveBy(layout, code, 1))} />
            </li>
          );
        })}
      </ul>
      {others.length > 0 ? (
        <ul className="column-others">
          {others.map((code) => (
            <li key={code}>
              <label>
                <input type="checkbox" checked={false} onChange={() => onLayout(show(layout, code, true))} /> <span className="clip">{labelOf(code)}</span>
              </label>
            </li>
          ))}
        </ul>
      ) : null}
      {isUsual ? null : (
        <Button size="small" onClick={() => onLayout(usualLayout())}>
          {say("columns.usual")}
        </Button>
      )}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content} destroyOnHidden>
      <Button icon={<SettingOutlined />}>{say("columns")}</Button>
    </Popover>
  );
}
