import { LivePreview } from "../../preview/livePreview.ts";
import { readEnvironments } from "../../release/environments.ts";
import { previewServer } from "../../view/preview/server.ts";
import type { CliContext } from "../context.ts";
import { type PageOptions, portError, showPage } from "../localPage.ts";
import { openParser } from "../parser.ts";
import type { FileTarget } from "../target.ts";

/** `preview --serve`: a page with the phases of a file, live while the file changes, until Ctrl-C. */
export async function servePreview(
  context: CliContext,
  { repository, place }: FileTarget,
  options: PageOptions,
): Promise<number> {
  const { ui } = context;
  context.handleSignals();
  const ended = new Promise<void>((resolve) => context.onStop(() => resolve()));
  const { root, name, state, env } = repository;
  const parser = await openParser();
  const preview = new LivePreview({
    parser,
    root,
    file: place.file,
    env,
    environments: () => readEnvironments(state),
    onChange: () => server.tell("all"),
    onError: context.complainOf,
  });
  const server = previewServer({
    name,
    root,
    file: place.file,
    port: options.port ?? 0,
    onError: context.complainOf,
    state: () => preview.state,
  });
  const watcher = await state.watch((change) => {
    const concerns = change === "all" || change.refs.some((ref) => ref.startsWith("@/environment/"));
    if (concerns) preview.changed();
  });
  try {
    await preview.start();
    await server.start().catch((error: unknown) => {
      throw portError(error, options.port);
    });
    const about = `The phases of ${ui.places(root).shown(place.file)}, live as it changes, for this machine only. Ctrl-C ends it.`;
    await showPage(ui, server, about, options.open, ended);
    return 0;
  } finally {
    preview.close();
    await watcher.close();
  }
}
