import { Link } from "@tanstack/react-router";
import { Failure } from "../api/failure";
import { ErrorState } from "../design/states";
import { useAppText } from "./texts";

export function NotFound() {
  const { say } = useAppText();
  return (
    <main className="lonely">
      <ErrorState error={new Failure("missing", 404, "page.missing", "")}>
        <Link to="/" className="button-link">
          {say("to_home")}
        </Link>
      </ErrorState>
    </main>
  );
}
