import type { PageMessage } from "../phases/messages.ts";

interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

/** What the page remembers while it is hidden, and over a reload of the window. */
export interface PageState {
  readonly uri?: string;
  readonly zoom?: number;
  readonly scroll?: readonly [number, number];
  /** Phase ids whose group is expanded. */
  readonly expanded?: readonly string[];
  readonly allEdges?: boolean;
}

export function send(message: PageMessage): void {
  api.postMessage(message);
}

export function remembered(): PageState {
  const state = api.getState();
  return typeof state === "object" && state !== null ? (state as PageState) : {};
}

export function remember(change: PageState): void {
  api.setState({ ...remembered(), ...change });
}
