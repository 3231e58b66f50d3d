import assert from "node:assert/strict";
import type { TextEdit } from "vscode-languageserver-types";
import { doComplete } from "../../src/features/completion/index.ts";
import { readShell } from "../../src/shell/recognise.ts";
import { offsetAt } from "../../src/text/convert.ts";
import { openMarked } from "../harness.ts";

/** Labels with their details, for a cursor in the shell text of a work function. */
async function complete(command: string, others = ""): Promise<string[]> {
  const { snapshot, marked } = await openMarked(
    `def f():\n    host.shell("""${command}"""${others})\n    return done()\n\ntask(f, name="f")\n`,
  );
  return doComplete(snapshot, marked.cursor).map(({ label, detail }) => `${label} · ${detail ?? ""}`);
}

describe("names that shell text defines", () => {
  it("are read with their kinds", () => {
    const text = `
A=1 B+=2; export C=3 D
f() { local e; read -r g h; }
function k.l { for m in 1 2; do n[0]=x; done; }
x=(a b) cmd Z=1
if true; then o=$(p=1; echo $p); fi
cat <<END
NOT=1
END
`;
    const names = readShell(text).names.map(({ kind, start, end }) => `${kind[0]} ${text.slice(start, end)}`);
    assert.deepEqual(names.sort(), ["f f", "f k.l", ..."ABCDeghmnopx".split("").map((each) => `v ${each}`)].sort());
  });

  it("are completed behind a dollar, after what env= gives", async () => {
    assert.deepEqual(await complete('set -e\nTAG="v 1"\nexport REGION=eu TAG\necho $$0', ', env={"IMAGE": "a"}'), [
      'IMAGE · "a"',
      'TAG · TAG="v 1"',
      "REGION · export REGION=eu TAG",
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own form
    const [inBraces] = await complete("for each in a b; do echo ${ea$0}; done");
    assert.match(inBraces ?? "", /^each · for each in a b; do echo/);
    assert.deepEqual(await complete("IMAGE=b; echo $I$0", ', env={"IMAGE": "a"}'), ['IMAGE · "a"']);
  });

  it("are completed as commands, and nowhere else", async () => {
    const functions = 'log() { echo \\"$1\\"; }\nfunction retry { \\"$@\\"; }\n';
    const wanted = ["log", "retry"];
    for (const begin of ["", "lo", "true && ", "if ", "if true; then ", "x | ", "( ", "set -e\n  re"]) {
      const found = await complete(`${functions}${begin}$0`);
      assert.deepEqual(
        found.map((each) => each.split(" ")[0]),
        wanted,
        JSON.stringify(begin),
      );
    }
    assert.deepEqual(await complete(`${functions}echo lo$0`), []);
  });

  it("are read as far as the text goes, and replace the whole word", async () => {
    const { snapshot, marked } = await openMarked(
      'def f(x):\n    host.shell("say() {{ echo; }}; if sa$0yy {}; then".format(x))\n    return done()\n',
    );
    const [item] = doComplete(snapshot, marked.cursor);
    assert.equal(item?.label, "say");
    const { range, newText } = item.textEdit as TextEdit;
    const { source } = snapshot.file;
    assert.equal(source.text.slice(offsetAt(source, range.start), offsetAt(source, range.end)), "sayy");
    assert.equal(newText, "say");
  });
});
