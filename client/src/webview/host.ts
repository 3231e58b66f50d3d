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
  /** The critical path of the last release is marked. */
  readonly path?: boolean;
  /** Cards say what a release made now would do. */
  readonly plan?: boolean;
  /** What releasing would change is unfolded. */
  readonly changes?: boolean;
  /** Environments that are left out. */
  readonly hidden?: readonly string[];
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
