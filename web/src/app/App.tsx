import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useState } from "react";
import { createQueryClient } from "../api/queries";
import { sessionQuery } from "../api/session";
import { ThemeProvider } from "../design/theme";
import { createAppRouter } from "./router";

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

// Who is signed in is asked at once, beside what the page is made of.
function begin() {
  const client = createQueryClient();
  void client.prefetchQuery(sessionQuery);
  return client;
}

export function App() {
  const [queryClient] = useState(begin);
  const [router] = useState(() => createAppRouter(queryClient));
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider>
          <RouterProvider router={router} />
        </ThemeProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}
