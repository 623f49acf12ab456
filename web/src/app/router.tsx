import { type QueryClient } from "@tanstack/react-query";
import { Outlet, createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { parseSearch, stringifySearch } from "../design/address";
import { ErrorState, SkeletonRows } from "../design/states";
import { readAhead } from "../features/customer/ahead";
import { HomePage } from "./home/HomePage";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

type Words = Record<string, string>;
const asWords = (search: Record<string, unknown>): Words => search as Words;

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("../features/access/SetupPage"), "SetupPage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { to?: string } => (typeof search.to === "string" ? { to: search.to } : {}),
  component: lazyRouteComponent(() => import("../features/access/SignInPage"), "SignInPage"),
});

const home = createRoute({ getParentRoute: () => shell, path: "/", component: HomePage });
const customers = createRoute({
  getParentRoute: () => shell,
  path: "/customers",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/customer/CustomersPage"), "CustomersPage"),
});
const customer = createRoute({
  getParentRoute: () => shell,
  path: "/customers/$id",
  validateSearch: asWords,
  loader: ({ context, params, cause }) => {
    if (cause === "enter") void readAhead(context.client, params.id);
  },
  component: lazyRouteComponent(() => import("../features/customer/CustomerPage"), "CustomerPage"),
});
const search = createRoute({
  getParentRoute: () => shell,
  path: "/search",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/search/SearchPage"), "SearchPage"),
});
const customerPrint = createRoute({
  getParentRoute: () => shell,
  path: "/customers/$id/print",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/customer/PrintPage"), "PrintPage"),
});
const sources = createRoute({
  getParentRoute: () => shell,
  path: "/sources",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/source/SourcesPage"), "SourcesPage"),
});
const events = createRoute({
  getParentRoute: () => shell,
  path: "/events",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/event/EventsPage"), "EventsPage"),
});
const event = createRoute({
  getParentRoute: () => shell,
  path: "/events/$id",
  component: lazyRouteComponent(() => import("../features/event/EventPage"), "EventPage"),
});
const source = createRoute({
  getParentRoute: () => shell,
  path: "/sources/$id",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/source/SourcePage"), "SourcePage"),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: "/imports",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/import/ImportsPage"), "ImportsPage"),
});
const newImport = createRoute({
  getParentRoute: () => shell,
  path: "/imports/new",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/import/NewImportPage"), "NewImportPage"),
});
const oneImport = createRoute({
  getParentRoute: () => shell,
  path: "/imports/$id",
  component: lazyRouteComponent(() => import("../features/import/ImportPage"), "ImportPage"),
});
const quality = createRoute({
  getParentRoute: () => shell,
  path: "/quality",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/quality/QualityPage"), "QualityPage"),
});
const review = createRoute({
  getParentRoute: () => shell,
  path: "/review",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/review/ReviewPage"), "ReviewPage"),
});
const survivorship = createRoute({
  getParentRoute: () => shell,
  path: "/survivorship",
  component: lazyRouteComponent(() => import("../features/survivorship/SurvivorshipPage"), "SurvivorshipPage"),
});
const people = createRoute({
  getParentRoute: () => shell,
  path: "/people",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/access/PeoplePage"), "PeoplePage"),
});
const company = createRoute({
  getParentRoute: () => shell,
  path: "/company",
  component: lazyRouteComponent(() => import("../features/company/CompanyPage"), "CompanyPage"),
});
const functions = createRoute({
  getParentRoute: () => shell,
  path: "/functions",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/formula/FunctionsPage"), "FunctionsPage"),
});
const fields = createRoute({
  getParentRoute: () => shell,
  path: "/fields",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/field_use/FieldsPage"), "FieldsPage"),
});
const backups = createRoute({
  getParentRoute: () => shell,
  path: "/backups",
  component: lazyRouteComponent(() => import("../features/backup/BackupsPage"), "BackupsPage"),
});
const values = createRoute({
  getParentRoute: () => shell,
  path: "/values",
  validateSearch: asWords,
  component: lazyRouteComponent(() => import("../features/identity/ValuesPage"), "ValuesPage"),
});
const valueTypes = createRoute({
  getParentRoute: () => shell,
  path: "/values/types",
  component: lazyRouteComponent(() => import("../features/identity/TypesPage"), "TypesPage"),
});
const profile = createRoute({
  getParentRoute: () => shell,
  path: "/profile",
  component: lazyRouteComponent(() => import("../features/access/ProfilePage"), "ProfilePage"),
});
const myExports = createRoute({
  getParentRoute: () => shell,
  path: "/exports",
  component: lazyRouteComponent(() => import("../features/extract/ExportsPage"), "ExportsPage"),
});
const me = createRoute({
  getParentRoute: () => shell,
  path: "/me",
  component: lazyRouteComponent(() => import("./MePage"), "MePage"),
});

export const createAppRouter = (client: QueryClient) =>
  createRouter({
    context: { client },
    routeTree: root.addChildren([
      setup,
      signIn,
      shell.addChildren([home, customers, customer, customerPrint, search, quality, review, sources, source, events, event, imports, newImport, oneImport, values, valueTypes, survivorship, people, fields, functions, company, backups, myExports, profile, me]),
    ]),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPreloadDelay: 60,
    defaultPendingMs: 200,
    defaultPendingComponent: () => <SkeletonRows />,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    scrollRestoration: true,
  });
