// The memory of the language server over a day of typing: lines written letter by letter all over a package file of 2,000 lines
// and taken back, with the requests that an editor makes between them. It must level off.
import { rmSync } from "node:fs";
import { BenchClient } from "./languageServer/client.ts";
import { makeWorkspace } from "./languageServer/workspace.ts";
// @ts-expect-error -- the benchmarks' helpers are plain JavaScript.
import { printTable } from "./measure.mjs";

const keystrokes = Number(process.env.KEYSTROKES ?? 20_000);
const rows = 10;
const line = '\n    print("deployed {}".format("x"))';

async function main(): Promise<void> {
  const { folder, text } = makeWorkspace();
  const client = new BenchClient(folder, text);
  try {
    await client.start();
    await client.open();
    const seen = [{ keystrokes: 0, ...client.memory() }];
    const places = [...text.matchAll(/\):(?=\n)/g)].map(({ index }) => index + 2);
    let typed = 0;
    for (let round = 0; typed < keystrokes; round++) {
      const place = places[(round * 7) % places.length] as number;
      for (let index = 0; index < line.length; index++) await client.edit(place + index, line[index] as string);
      await requests(client, place + line.length);
      for (let index = line.length - 1; index >= 0; index--) await client.edit(place + index, "", 1);
      typed += line.length * 2;
      if (typed >= (seen.length * keystrokes) / rows) seen.push({ keystrokes: typed, ...client.memory() });
    }
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const rested = client.memory();
    await client.stop();
    printTable(
      "Memory of the language server while it is typed into",
      [...seen, { keystrokes: "15 s later", ...rested }].map((row) => ({
        keystrokes: String(row.keystrokes),
        resident: `${row.rss} MB`,
        "shared pages by share": `${row.pss} MB`,
      })),
    );
  } finally {
    client.kill();
    rmSync(folder, { recursive: true });
  }
}

/** What an editor asks for when somebody pauses. */
async function requests(client: BenchClient, offset: number): Promise<void> {
  await client.request("completion", client.at(offset));
  await client.request("hover", client.at(offset - 4));
  await client.request("documentSymbol");
  await client.request("semanticTokens/full");
  await client.request("codeLens");
  await client.request("foldingRange");
}

void main();
