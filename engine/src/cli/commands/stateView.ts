import { basename } from "node:path";
import { storeOptions } from "../../release/repository.ts";
import { openStateReaders } from "../../state/stores.ts";
import { maskedReader } from "../../view/maskedReader.ts";
import { startView } from "../../view/server.ts";
import { findStoreCheckout } from "../../work/storeCheckout.ts";
import { type CliContext, withContext } from "../context.ts";
import { type PageOptions, portError, showPage } from "../localPage.ts";
import type { Ui } from "../ui.ts";

/** `state view`: a page of state and intent in the browser, until Ctrl-C. Nothing is ever written. */
export function stateView(ui: Ui, _args: readonly string[], options: PageOptions): Promise<number> {
  return withContext(ui, async (context) => {
    const { name, stores } = await findStores(context);
    context.handleSignals();
    const ended = new Promise<void>((resolve) => context.onStop(() => resolve()));
    const { secrets } = context.workers;
    const state = maskedReader(stores.state, secrets);
    const intent = maskedReader(stores.intent, secrets);
    const { folders } = stores;
    try {
      const start = (port: number) => startView({ name, state, intent, folders, port, onError: context.complainOf });
      const view = await start(options.port ?? 0).catch((error: unknown) => {
        throw portError(error, options.port);
      });
      const about = "State and intent, read-only and live, for this machine only. Ctrl-C ends it.";
      await showPage(ui, view, about, options.open, ended);
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
