import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./design/base.css";
import "./design/pieces.css";
import "./app/shell.css";

createRoot(document.getElementById("root")!).render(<App />);
