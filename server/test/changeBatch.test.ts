import assert from "node:assert/strict";
import type { Message } from "vscode-languageserver-protocol/node";
import { ChangeBatch } from "../src/connection/changeBatch.ts";

function change(uri: string, version: number, ...texts: string[]): Message {
  const contentChanges = texts.map((text) => ({ text }));
  const params = { textDocument: { uri, version }, contentChanges };
  return { jsonrpc: "2.0", method: "textDocument/didChange", params } as Message;
}

const request = { jsonrpc: "2.0", id: 1, method: "textDocument/hover", params: {} } as Message;

describe("edits that come together", () => {
  it("are handed on as one, before the request behind them", () => {
    const handed: Message[] = [];
    const batch = new ChangeBatch((message) => handed.push(message));
    for (const each of [change("a", 2, "1"), change("a", 3, "2", "3"), change("a", 4), request]) batch.take(each);
    assert.deepEqual(handed, [change("a", 4, "1", "2", "3"), request]);
  });

  it("of another document, or behind another message, are edits of their own", () => {
    const handed: Message[] = [];
    const batch = new ChangeBatch((message) => handed.push(message));
    const all = [change("a", 2, "1"), change("b", 2, "2"), change("a", 3, "3"), request, change("a", 4, "4"), request];
    for (const each of all) batch.take(each);
    assert.deepEqual(handed, all);
  });

  it("do not wait for another message, and what came before stays as it is", async () => {
    const handed: Message[] = [];
    const batch = new ChangeBatch((message) => handed.push(message));
    batch.take(change("a", 2, "1"));
    batch.take(change("a", 3, "2"));
    assert.deepEqual(handed, []);
    await Promise.resolve();
    assert.deepEqual(handed, [change("a", 3, "1", "2")]);
    batch.take(change("a", 4, "3"));
    await Promise.resolve();
    assert.deepEqual(handed, [change("a", 3, "1", "2"), change("a", 4, "3")]);
  });
});
