/** A page that a command serves until it is told to stop: `state view`, `preview --serve`. */
import { EventEmitter } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { CliResult, Sandbox } from "./sandbox.ts";

export interface PageAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export class ServedPage {
  private constructor(
    readonly url: string,
    private readonly signals: EventEmitter,
    private readonly ended: Promise<CliResult>,
  ) {}

  /** Starts the command; resolves when it says where it listens, and fails when it ends before. */
  static start(sandbox: Sandbox, argv: readonly string[]): Promise<ServedPage> {
    return new Promise((resolve, reject) => {
      const signals = new EventEmitter();
      const onOutput = (text: string) => resolve(new ServedPage(text.trim(), signals, ended));
      const ended = sandbox.run(argv, { signals, onOutput });
      ended.then((result) => reject(new Error(`it ended: ${result.stderr}`)), reject);
    });
  }

  /** As Ctrl-C does. */
  stop(): Promise<CliResult> {
    this.signals.emit("SIGINT");
    return this.ended;
  }

  /** On a connection of its own, so that none keeps the server from ending. */
  ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<PageAnswer> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.url), { ...options, agent: false }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      asked.on("error", reject).end();
    });
  }
}
