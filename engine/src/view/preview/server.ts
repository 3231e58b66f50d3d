/** The web server of `preview --serve`: one page with the phases of a package file, live while the file changes. */
import type { PreviewState } from "../../preview/livePreview.ts";
import { type LocalAnswer, LocalServer } from "../localServer.ts";
import { previewPage } from "./page.ts";

export interface PreviewServerOptions {
  /** Of the repository. */
  readonly name: string;
  readonly root: string;
  /** From the root. */
  readonly file: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly onError: (error: unknown) => void;
  state(): PreviewState;
}

export function previewServer(options: PreviewServerOptions): LocalServer {
  const { port, onError } = options;
  const answer = async (path: string): Promise<LocalAnswer> => {
    const type = "text/html; charset=utf-8";
    if (path === "/") return { type, text: previewPage(options, options.state()).text };
    return { status: 404, type: "text/plain; charset=utf-8", text: "There is nothing here.\n" };
  };
  return new LocalServer({ subject: "page shows the phases of a file", port, onError, answer });
}
