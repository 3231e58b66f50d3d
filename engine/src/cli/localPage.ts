/** Showing a page of our own in the browser until Ctrl-C: `state view`, `preview --serve`. */
import { spawn } from "node:child_process";
import { systemProgram } from "../programs.ts";
import { CliError } from "./errors.ts";
import type { Ui } from "./ui.ts";

export interface PageOptions {
  readonly port?: number;
  readonly open: boolean;
}

export interface LocalPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Says where the page is, opens it where there is a browser, and closes it in the end. */
export async function showPage(ui: Ui, page: LocalPage, about: string, open: boolean, ended: Promise<void>) {
  if (ui.options.json) ui.outJson({ url: page.url });
  else ui.out(page.url);
  ui.note(about);
  if (open && ui.io.stdout.isTTY === true) openBrowser(page.url, ui.io.env);
  await ended;
  await page.close();
}

/** What a port that cannot be had means. */
export function portError(error: unknown, port: number | undefined): unknown {
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
        ? [systemProgram("rundll32"), "url.dll,FileProtocolHandler", url]
        : ["xdg-open", url];
  const hasDisplay = process.platform !== "linux" || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!hasDisplay) return;
  // The address has been printed: without a browser nothing is lost.
  spawn(program as string, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
