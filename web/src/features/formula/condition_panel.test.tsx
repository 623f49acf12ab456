import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setLanguage } from "../../design/language";
import { ConditionBuilder } from "./ConditionBuilder";
import { ConditionPanel } from "./ConditionPanel";
import { emptyGroup, type Field, type Group } from "./tree";

const fields: Field[] = [
  { code: "kind", label: "Kind", kind: "choice", choices: [{ value: "person", label: "Person" }] },
  { code: "city", label: "City", kind: "text" },
];
const objects = { customer: [{ code: "city", labels: { en: "City" }, kind: "text" as const }] };

beforeEach(() => setLanguage("en"));
afterEach(() => void vi.unstubAllGlobals());

const kindsAnd = (values: string[]): Group => ({ join: "all", items: [{ field: "kind", op: "among", values }, { field: "city", op: "blank", values: [] }] });
test("a line without a value says that it does not count", () => {
  const { rerender } = render(<ConditionBuilder tree={kindsAnd([])} fields={fields} onChange={vi.fn()} />);
  expect(screen.getAllByText("Choose a value: this line does not count yet.")).toHaveLength(1);
  rerender(<ConditionBuilder tree={kindsAnd(["person"])} fields={fields} onChange={vi.fn()} />);
  expect(screen.queryByText(/does not count yet/)).toBeNull();
  rerender(<ConditionBuilder tree={{ join: "all", items: [{ field: "city", op: "is", values: [" "] }] }} fields={fields} onChange={vi.fn()} />);
  expect(screen.getAllByText("Enter a value: this line does not count yet.")).toHaveLength(1);
});

function Written({ text: begun }: { text: string }) {
  const [text, setText] = useState<string | null>(begun);
  return (
    <>
      <ConditionPanel tree={emptyGroup()} text={text} fields={fields} objects={objects} object="customer" zone="UTC" onTree={() => setText(null)} onText={setText} />
      {["city = ", 'city = "a"'].map((next) => (
        <button key={next} type="button" onClick={() => setText(next)}>
          {`write ${next}`}
        </button>
      ))}
    </>
  );
}
function open(text: string) {
  vi.stubGlobal("fetch", async () => Response.json({ items: [] }));
  const router = createRouter({ routeTree: createRootRoute({ component: () => <Written text={text} /> }) });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
}

test("a formula that is wrong is not applied, and says so; it is mended before it is built", async () => {
  open("city = ");
  await screen.findByText(/^Not applied yet/);
  expect(screen.getByRole("link", { name: /All functions/ }).getAttribute("href")).toBe("/functions");
  fireEvent.click(screen.getByRole("button", { name: "Build" }));
  expect((await screen.findByRole("alert")).textContent).toBe("The formula has to be mended first; then it can be built.");
  fireEvent.click(screen.getByRole("button", { name: 'write city = "a"' }));
  await waitFor(() => expect(screen.queryByText(/^Not applied yet/)).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Build" }));
  await screen.findByRole("region", { name: "Conditions" });
});

test("what the builder has no line for is named", async () => {
  open("LEN(city) > 3");
  fireEvent.click(await screen.findByRole("button", { name: "Build" }));
  expect((await screen.findByRole("alert")).textContent).toContain("“LEN(city) > 3”");
});
