import { describePage } from "./pages.ts";

for (const page of ["getting-started.md", "refs.md", "recipes.md", "from-github-actions.md", "troubleshooting.md"]) {
  describePage(page);
}
