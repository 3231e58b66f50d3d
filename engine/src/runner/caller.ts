import type { FunctionRef, InputModel, PackageProblem } from "../package/model.ts";
import type { JsonValue } from "../state/json.ts";

/** A call of a work function. */
export interface CallRequest {
  readonly fn: FunctionRef;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** True for `up` and `down` and what they chain to: the function also gets its environment. */
  readonly isDeploy: boolean;
}

export type CallResult =
  | {
      readonly kind: "done";
      readonly outputs: JsonValue | undefined;
      readonly tags: readonly string[];
      readonly watch: readonly string[];
    }
  | { readonly kind: "next"; readonly fn: FunctionRef; readonly inputs: Readonly<Record<string, InputModel>> }
  | { readonly kind: "error"; readonly message: string; readonly stack: NonNullable<PackageProblem["stack"]> };

/** What a function says while it runs, one line at a time, secrets masked. */
export type LineListener = (stream: "stdout" | "stderr" | "print", line: string) => void;

/** Calls work functions, each in a thread of its own. */
export interface WorkCaller {
  call(request: CallRequest, onLine: LineListener): Promise<CallResult>;
  /** Asks everything that runs to stop. */
  stop(signal: "SIGINT" | "SIGTERM"): void;
  kill(): void;
  /** Commands that are running. */
  readonly commands: readonly string[];
  /** Replaces secrets in text that did not come through a line listener. */
  mask(text: string): string;
}
