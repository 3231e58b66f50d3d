import { spawn } from "node:child_process";
import { basename } from "node:path";
import { storeOptions } from "../../release/repository.ts";
import { openStateReaders } from "../../state/stores.ts";
import { maskedReader } from "../../view/maskedReader.ts";
import { startView, type View } from "../../view/server.ts";
import { findStoreCheckout } from "../../work/storeCheckout.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import type { Ui } from "../ui.ts";

interface Options {
  readonly port?: number;
  readonly open: boolean;
}

/** `state view`: a page of state and intent in the browser, until Ctrl-C. Nothing is ever written. */
export function stateView(ui: Ui, _args: readonly string[], options: Options): Promise<number> {
  return withContext(ui, async (context) => {
    const { name, stores } = await findStores(context);
    context.handleSignals();
    const ended = new Promise<void>((resolve) => context.onStop(() => resolve()));
    const { secrets } = context.workers;
    const state = maskedReader(stores.state, secrets);
    const intent = maskedReader(stores.intent, secrets);
    const { folders } = stores;
    const onError = (error: unknown) => ui.complain(`error: ${error instanceof Error ? error.message : String(error)}`);
    try {
      const start = (port: number) => startView({ name, state, intent, folders, port, onError });
      const view = await start(options.port ?? 0).catch((error: unknown) => {
        throw portError(error, options.port);
      });
      await serve(ui, view, options, ended);
      return 0;
    } finally {
      await stores.close();
    }
  });
}

/** The stores of the repository; in a checkout of a store's branch those that it leads to. */
async function findStores(context: CliContext) {
  const checkout = findStoreCheckout(context.ui.cwd);
  if (checkout !== undefined) {
    const { name, state, intent, close } = await context.repository();
    const stores = { state, intent, close, folders: { state: checkout, intent: checkout } };
    return { name: name || basename(checkout), stores };
  }
  const { root, name, model, env } = await context.configuration();
  return { name, stores: await openStateReaders(model.stores, root, storeOptions(env)) };
}

async function serve(ui: Ui, view: View, options: Options, ended: Promise<void>): Promise<void> {
  if (ui.options.json) ui.outJson({ url: view.url });
  else ui.out(view.url);
  ui.note("State and intent, read-only and live, for this machine only. Ctrl-C ends it.");
  if (options.open && ui.io.stdout.isTTY === true) openBrowser(view.url, ui.io.env);
  await ended;
  await view.close();
}

function portError(error: unknown, port: number | undefined): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    return new CliError(`port ${port} is in use`, { details: ["leave out --port to have a free one chosen"] });
  }
  return code === "EACCES" ? new CliError(`port ${port} cannot be used without more rights`) : error;
}

/** Shows the page in the user's browser, where there is one. */
function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler", url]
        : ["xdg-open", url];
  const hasDisplay = process.platform !== "linux" || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasDisplay) return;
  // The address has been printed: without a browser nothing is lost.
  spawn(program as string, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
