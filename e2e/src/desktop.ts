/** The desktop VS Code: started by its `code` command, its windows reached through the debugging port. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { type Editor, isPackage, type LauncherContext } from "./launch.ts";

const startTimeoutMs = 60_000;

export async function launchDesktop(code: string, context: LauncherContext): Promise<Editor> {
  const port = await freePort();
  const processes: ChildProcess[] = [];
  let browser: Browser | undefined;
  let output = "";
  // `--user-data-dir` is the "data" folder here, so that settings lie where the served VS Code has them.
  const userData = join(context.dataFolder, "data");

  const { extension } = context.options;
  const places = [`--user-data-dir=${userData}`, `--extensions-dir=${join(context.dataFolder, "extensions")}`];
  const environment = { ...process.env, ...context.environment };
  if (isPackage(extension)) {
    execFileSync(code, ["--install-extension", extension, "--force", ...places], { env: environment });
  }

  const open = async (target: string | undefined): Promise<Page> => {
    const known = new Set(browser?.contexts().flatMap((each) => each.pages()));
    const child = spawn(
      code,
      [
        "--new-window",
        "--wait",
        ...places,
        ...(isPackage(extension) ? [] : [`--extensionDevelopmentPath=${extension}`]),
        `--remote-debugging-port=${port}`,
        "--disable-telemetry",
        "--disable-updates",
        "--skip-welcome",
        ...(target === undefined ? [] : [target]),
      ],
      { env: environment, stdio: ["ignore", "pipe", "pipe"] },
    );
    processes.push(child);
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    browser ??= await eventually(
      "the desktop VS Code to open its debugging port",
      () => chromium.connectOverCDP(`http://127.0.0.1:${port}`),
      startTimeoutMs,
    );
    const connected = browser;
    const page = await eventually(
      `a window with ${target ?? "no folder"}`,
      () =>
        connected
          .contexts()
          .flatMap((each) => each.pages())
          .find((each) => !known.has(each) && each.url().includes("workbench.html")),
      startTimeoutMs,
    );
    await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: startTimeoutMs });
    return page;
  };

  return {
    open,
    diagnostics: () => output,
    close: async () => {
      const session = await browser?.newBrowserCDPSession().catch(() => undefined);
      await session?.send("Browser.close").catch(() => undefined);
      for (const child of processes) child.kill();
      await rm(context.dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
