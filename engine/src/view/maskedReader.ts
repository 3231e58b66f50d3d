import type { SecretMask } from "../secrets.ts";
import type { ReadOptions, StoredDocument, StoreReader } from "../state/store.ts";

/** The same store, with secrets in what documents say masked before anybody makes a page of it. */
export function maskedReader(store: StoreReader, secrets: SecretMask): StoreReader {
  return {
    async read(ref, options?: ReadOptions): Promise<StoredDocument | undefined> {
      const document = await store.read(ref, options);
      return document?.kind === "ref" ? { ...document, body: secrets.maskDeep(document.body) } : document;
    },
    resolve: (ref, options) => store.resolve(ref, options),
    match: (glob, options) => store.match(glob, options),
    children: (ref, options) => store.children(ref, options),
    watch: (onChange) => store.watch(onChange),
    close: () => store.close(),
  };
}
