/** The served VS Code: a real VS Code server, its workbench shown by the system's Chromium. */
import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { installVSCode } from "./install.ts";
import { type Editor, isPackage, type LauncherContext } from "./launch.ts";
import { chromiumPrerequisite, requirePrograms } from "./programs.ts";
import { installExtension, startServer } from "./server.ts";

const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longest wait for one thing on the page: a busy machine takes its time. */
const patienceMs = 60_000;

/** Large enough that a panel and two side bars leave room for an editor. */
const viewport = { width: 1400, height: 900 };

export async function launchServed(context: LauncherContext): Promise<Editor> {
  const [browserPath] = requirePrograms([chromiumPrerequisite]);
  const installation = await installVSCode();
  const { extension } = context.options;
  const { dataFolder, environment } = context;
  if (isPackage(extension)) await installExtension({ installation, dataFolder, environment }, extension);
  const server = await startServer({ installation, dataFolder, environment });
  let browser: BrowserContext;
  try {
    browser = await chromium.launchPersistentContext(join(context.dataFolder, "browser"), {
      executablePath: browserPath,
      headless: !context.options.headed,
      args: [...chromiumArguments],
      viewport,
      permissions: ["clipboard-read", "clipboard-write"],
    });
  } catch (error) {
    await server.stop();
    throw error;
  }

  return {
    open: (target) => openWindow(browser, server.url(target, isPackage(extension) ? undefined : extension)),
    diagnostics: () => `${server.output()}\n${extensionLogs(dataFolder)}`,
    close: async () => {
      await browser.close().catch(() => undefined);
      await server.stop();
      await rm(context.dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the extension has logged in the newest window. */
function extensionLogs(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const logs = names.filter((name) => /ocuroot[^/]*\.log$/i.test(name)).sort();
  return logs
    .slice(-1)
    .map((name) => `${name}:\n${readFileSync(join(folder, name), "utf8")}`)
    .join("\n");
}

async function openWindow(browser: BrowserContext, address: string): Promise<Page> {
  const blank = browser.pages().find((page) => page.url() === "about:blank");
  const page = blank ?? (await browser.newPage());
  page.setDefaultTimeout(patienceMs);
  // A page that is left asks whether to save; nobody would answer.
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  await page.goto(address);
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
  return page;
}
