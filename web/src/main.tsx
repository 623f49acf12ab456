import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./design/base.css";
import "./design/pieces.css";
import "./design/states.css";
import "./design/table.css";
import "./design/forms.css";
import "./app/shell.css";
import "./app/search/search.css";
import "./app/page.css";

createRoot(document.getElementById("root")!).render(<App />);

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined)); // without it all works, but for a start without a connection
}
