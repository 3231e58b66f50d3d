import type { DataCallback, Message } from "vscode-languageserver-protocol/node";
import { recordOf } from "./params.ts";

/**
 * Hands messages on in their order, those edits of a document that have come together as one: each message has a turn of the
 * event loop to itself, and a burst of hundreds would hold up the request behind it.
 */
export class ChangeBatch {
  #pending: { message: Message; readonly uri: string; readonly changes: unknown[] } | undefined;

  constructor(private readonly callback: DataCallback) {}

  take(message: Message): void {
    const edit = editOf(message);
    if (edit === undefined) {
      this.#flush();
      this.callback(message);
      return;
    }
    const { uri, changes } = edit;
    const pending = this.#pending;
    if (pending?.uri === uri) {
      // What is sent on is the last message, for its version, with all changes in their order.
      for (const change of changes) pending.changes.push(change);
      pending.message = message;
      return;
    }
    this.#flush();
    this.#pending = { message, uri, changes: [...changes] };
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const { message, changes } = this.#pending ?? {};
    this.#pending = undefined;
    if (message === undefined) return;
    const params = recordOf(recordOf(message)?.params);
    this.callback({ ...message, params: { ...params, contentChanges: changes } } as Message);
  }
}

/** The document and the changes of an edit; undefined for any other message. */
function editOf(message: Message): { readonly uri: string; readonly changes: readonly unknown[] } | undefined {
  const { method, params } = recordOf(message) ?? {};
  if (method !== "textDocument/didChange") return undefined;
  const { textDocument, contentChanges } = recordOf(params) ?? {};
  const uri = recordOf(textDocument)?.uri;
  return typeof uri === "string" && Array.isArray(contentChanges) ? { uri, changes: contentChanges } : undefined;
}
