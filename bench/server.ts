// The language server as an editor feels it: over stdio, a package of 2,000 lines among 200 packages, 100 environments.
// The goals are for the 95th percentile on a machine of two cores.
import { rmSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { BenchClient } from "./languageServer/client.ts";
import { environments, makeWorkspace, packages } from "./languageServer/workspace.ts";
// @ts-expect-error -- the benchmarks' helpers are plain JavaScript.
import { milliseconds, printTable, quantile } from "./measure.mjs";

const keystrokes = 200;

interface Row {
  readonly what: string;
  readonly times: readonly number[];
  /** Processor time of the server's main thread for each, in milliseconds: it is what it is on a busy machine, too. */
  readonly processor?: number;
  /** Milliseconds. */
  readonly goal?: number;
}

async function main(): Promise<void> {
  const { folder, text } = makeWorkspace();
  const rows: Row[] = [];
  try {
    rows.push(await measureStart(folder, text));
    const client = new BenchClient(folder, text);
    try {
      await client.start();
      await client.open();
      await quiet();
      const opened = client.memory();
      rows.push(...(await measureEdits(client)), ...(await measureRequests(client)), ...(await measureTyping(client)));
      const burst = await measureBurst(client);
      rows.push(...burst.rows);
      const edits = await measureManyEdits(client);
      await client.stop();
      print(rows, text);
      console.log(`\n500 edits sent at once: ${burst.batches} batch(es) of work.`);
      console.log(`Memory (goal: under 120 MB resident):`);
      for (const [when, { rss, pss }] of [["after opening", opened], ...edits] as const) {
        console.log(`  ${when}: ${rss} MB resident, ${pss} MB with shared pages counted by share`);
      }
    } finally {
      client.kill();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From the start of the process to the first diagnostics of the file. */
async function measureStart(folder: string, text: string): Promise<Row> {
  const times: number[] = [];
  for (let run = 0; run < 11; run++) {
    const at = performance.now();
    const client = new BenchClient(folder, text);
    await client.start();
    await client.open();
    // The first run warms the disk's cache.
    if (run > 0) times.push(performance.now() - at);
    await client.stop();
  }
  return { what: "start of the server to first diagnostics", times, goal: 400 };
}

async function measureEdits(client: BenchClient): Promise<Row[]> {
  const middle = client.text.indexOf("host.shell(", client.text.length / 2);
  const inBody = await watch(client, keystrokes, (index) => client.edit(middle, index % 2 === 0 ? "x" : "", index % 2));
  const bracket = client.text.indexOf("(", middle);
  const broken = await watch(client, keystrokes / 2, (index) =>
    index % 2 === 0 ? client.edit(bracket, "", 1) : client.edit(bracket, "("),
  );
  const evaluated: number[] = [];
  const end = client.text.length;
  const wrong = 'fail("evaluated")\n';
  for (let index = 0; index < keystrokes / 4; index++) {
    const isShown = (wanted: boolean) => (each: { readonly diagnostics: readonly { readonly message: unknown }[] }) =>
      each.diagnostics.some(({ message }) => String(message).includes("evaluated")) === wanted;
    evaluated.push(await client.edit(end, wrong, 0, isShown(true)));
    await client.edit(end, "", wrong.length, isShown(false));
    await pause(60);
  }
  return [
    { what: "edit to static diagnostics", ...inBody, goal: 20 },
    { what: "bracket lost and found to static diagnostics", ...broken, goal: 20 },
    { what: "edit to evaluation-backed diagnostics", times: evaluated, goal: 100 },
  ];
}

async function measureRequests(client: BenchClient): Promise<Row[]> {
  const { text } = client;
  const middle = text.indexOf("def task80(");
  const inRef = text.indexOf("./task/", middle) + "./task/".length;
  const call = text.indexOf("task(", middle);
  const name = text.indexOf("task80,", middle);
  const body = text.indexOf("    return done", middle) + 4;
  const whole = { start: client.positionAt(0), end: client.positionAt(text.length) };
  const screen = { start: client.positionAt(middle), end: client.positionAt(middle + 2_000) };
  const options = { tabSize: 4, insertSpaces: true };
  const asked: readonly [string, string, object, number?][] = [
    ["completion of names", "completion", client.at(body), 10],
    ["completion inside a ref", "completion", client.at(inRef), 10],
    ["hover over a ref", "hover", client.at(inRef), 5],
    ["hover over an SDK function", "hover", client.at(call + 1), 5],
    ["definition of a function", "definition", client.at(name + 1), 5],
    ["definition of a ref", "definition", client.at(inRef + 2), 5],
    ["signature help", "signatureHelp", client.at(call + 5)],
    ["document symbols", "documentSymbol", {}, 10],
    ["semantic tokens, whole", "semanticTokens/full", {}],
    ["semantic tokens, one screen", "semanticTokens/range", { range: screen }],
    ["folding", "foldingRange", {}],
    ["document links", "documentLink", {}],
    ["code lenses", "codeLens", {}],
    ["inlay hints", "inlayHint", { range: whole }],
    ["references", "references", { ...client.at(name + 1), context: { includeDeclaration: true } }],
    ["formatting", "formatting", { options }],
  ];
  const rows: Row[] = [];
  for (const [what, method, params, goal] of asked) {
    const mayBeEmpty = ["formatting", "inlayHint", "codeLens", "documentLink"].includes(method);
    const watched = await watch(client, keystrokes / 2, async () => {
      if (!mayBeEmpty) return client.timed(method, params);
      const at = performance.now();
      await client.request(method, params);
      return performance.now() - at;
    });
    rows.push({ what, ...watched, ...(goal === undefined ? {} : { goal }) });
  }
  const output = text.indexOf("value", text.indexOf("outputs="));
  const rename = await watch(client, 20, async (index) => {
    const at = performance.now();
    const edit = await client.request<{ changes: Record<string, unknown> }>("rename", {
      ...client.at(output + 1),
      newName: `renamed${index}`,
    });
    const elapsed = performance.now() - at;
    const files = Object.keys(edit.changes).length;
    if (files <= packages) throw new Error(`The rename reaches ${files} files only.`);
    return elapsed;
  });
  return [...rows, { what: `rename of an output across ${packages} files`, ...rename, goal: 150 }];
}

/** What follows a keystroke at once, before the server has had time for anything. */
async function measureTyping(client: BenchClient): Promise<Row[]> {
  const middle = client.text.indexOf("def task80(");
  const ref = client.text.indexOf("./task/", middle) + "./task/".length;
  const typing = await repeat(keystrokes / 2, async (index) => {
    const at = performance.now();
    client.type(ref, index % 2 === 0 ? "b" : "", index % 2);
    await client.timed("completion", client.at(ref + ((index + 1) % 2)));
    const elapsed = performance.now() - at;
    await pause(40);
    return elapsed;
  });
  const body = client.text.indexOf("    return done", middle);
  let { resultId } = await client.request<{ resultId: string }>("semanticTokens/full");
  const delta = await repeat(keystrokes / 2, async (index) => {
    await client.edit(body + 4, index % 2 === 0 ? "x" : "", index % 2);
    const at = performance.now();
    const answer = await client.request<{ resultId: string; edits: unknown[] }>("semanticTokens/full/delta", {
      previousResultId: resultId,
    });
    const elapsed = performance.now() - at;
    resultId = answer.resultId;
    if (!Array.isArray(answer.edits)) throw new Error("No delta.");
    return elapsed;
  });
  return [
    { what: "semantic tokens, delta after an edit", times: delta, goal: 10 },
    { what: "keystroke, then completion inside a ref", times: typing, goal: 30 },
  ];
}

async function measureBurst(client: BenchClient): Promise<{ rows: Row[]; batches: number }> {
  const at = client.text.indexOf("def task80(");
  const place = client.text.indexOf("host.shell(", at);
  const body = client.text.indexOf("    return done", at);
  let batches = 0;
  const times = await repeat(10, async () => {
    const before = client.version;
    const shown = client.until((each) => each.version === client.version);
    client.published = [];
    for (let index = 0; index < 500; index++) client.type(place, index % 2 === 0 ? "x" : "", index % 2);
    const start = performance.now();
    await client.timed("completion", client.at(body + 4));
    const elapsed = performance.now() - start;
    await shown;
    // What is still said of the text before is no work of this burst.
    batches = Math.max(batches, client.published.filter((each) => (each.version ?? 0) > before).length);
    await pause(300);
    return elapsed;
  });
  return { rows: [{ what: "completion right after 500 edits at once", times, goal: 50 }], batches };
}

async function measureManyEdits(client: BenchClient) {
  const inString = client.text.indexOf("echo {}", client.text.length / 2);
  const type = (index: number) => client.edit(inString, index % 2 === 0 ? "y" : "", index % 2);
  // Each is overtaken by the next before it is evaluated.
  for (let index = 0; index < 1_000; index++) await type(index);
  const typed = client.memory();
  for (let index = 0; index < 100; index++) {
    await type(index);
    await pause(100);
  }
  const evaluated = client.memory();
  await pause(15_000);
  return [
    ["after 1,000 more edits", typed] as const,
    ["while 100 more are evaluated", evaluated] as const,
    ["15 s later", client.memory()] as const,
  ];
}

function print(rows: readonly Row[], text: string): void {
  printTable(
    `Language server: ${text.split("\n").length} lines, ${packages} packages, ${environments} environments`,
    rows.map(({ what, times, goal, processor }) => {
      const sorted = [...times].sort((a, b) => a - b);
      const p95 = quantile(sorted, 0.95) as number;
      return {
        what,
        p50: milliseconds(quantile(sorted, 0.5)),
        p95: milliseconds(p95),
        max: milliseconds(sorted.at(-1)),
        processor: processor === undefined || Number.isNaN(processor) ? "" : milliseconds(processor),
        goal: goal === undefined ? "" : milliseconds(goal),
        "": goal === undefined ? "" : p95 <= goal ? "met" : "MISSED",
      };
    }),
  );
}

/** Does something over and over, and has an eye on the processor. */
async function watch(
  client: BenchClient,
  count: number,
  action: (index: number) => Promise<number>,
): Promise<Pick<Row, "times" | "processor">> {
  const before = client.processorTime();
  const times = await repeat(count, action);
  return { times, processor: (client.processorTime() - before) / count };
}

async function repeat(count: number, action: (index: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await action(index));
  return times;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const quiet = (): Promise<void> => pause(3_000);

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
