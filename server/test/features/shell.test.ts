import assert from "node:assert/strict";
import { findScripts } from "../../src/analysis/shell.ts";
import { findShellTexts } from "../../src/analysis/shellText.ts";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { getSemanticTokens } from "../../src/features/semanticTokens/index.ts";
import { semanticTokenTypes } from "../../src/protocol/tokenLegend.ts";
import { ShellHighlighter } from "../../src/shell/highlight.ts";
import { readShell } from "../../src/shell/recognise.ts";
import { openMarked, readShellGrammar } from "../harness.ts";
import { type Options, problems } from "./diagnosticsHelper.ts";

async function shell(text: string, options: Options = {}): Promise<string[]> {
  return (await problems(text, options)).filter((each) => each.startsWith("shell/"));
}

describe("shell text", () => {
  const faults: Readonly<Record<string, string>> = {
    "echo 'a": "This quote (') is not closed. @5",
    'echo "a $(b "c") d': 'This quote (") is not closed. @5',
    "echo `a": "This quote (`) is not closed. @5",
    "if true; then echo": "`if` is not closed: `fi` is missing. @0",
    "for x in a b; do echo $x": "`for` is not closed: `done` is missing. @0",
    "while true\ndo": "`while` is not closed: `done` is missing. @0",
    "case $x in a) b;;": "`case` is not closed: `esac` is missing. @0",
    "echo $(foo": "`$(` is not closed. @5",
    "echo ${x": "`${` is not closed. @5",
    "{ a; b": "`{` is not closed: `}` is missing. @0",
    "(a; b": "`(` is not closed: `)` is missing. @0",
    "echo foo)": "This `)` closes nothing. @8",
    "a | | b": "`|` needs a command behind it. @2",
    "a && && b": "`&&` needs a command behind it. @2",
    "docker build . &&": "`&&` needs a command behind it. @15",
    "| a": "`|` needs a command before it. @0",
    "a ; ; b": "`;` needs a command before it. @4",
    "foo;;": "`;;` belongs into `case … esac`. @3",
    fi: "`fi` without `if`. @0",
    "a; done": "`done` without `do`. @3",
    "if true; then fi": "`then` needs a command before `fi`. @14",
    "echo a >": "`>` needs a word behind it. @7",
    "echo (a)": "A `(` cannot stand here: put it into quotes. @5",
  };
  for (const [text, wanted] of Object.entries(faults)) {
    it(`finds the fault in ${JSON.stringify(text)}`, () => {
      const { fault } = readShell(text);
      assert.equal(fault && `${fault.message} @${fault.start}`, wanted);
    });
  }

  // What tree-sitter-bash reads as faulty, or nearly: each is taken by `bash -n`.
  const valid = [
    "",
    "# only a comment",
    "a; b & c && d || e",
    'x=$(cd "$(dirname "$0")" && pwd)',
    "case $1 in\n  -a|--all) a ;;\n  (b) b ;&\n  *) ;;\nesac",
    "for i\ndo echo $i\ndone",
    "for ((i=0; i<3; i++)); do echo $i; done",
    "if [ -f x ]; then a; elif b; then c; else d; fi > log 2>&1",
    "cat <<EOF\nit's ( not \" shell\nEOF\necho done",
    "cat <<-'END' | sort\n\tb)\n\tEND",
    "cat <<< 'here' && echo ok",
    "f() { echo $1; }; f x",
    "function g { echo; }",
    "((gzip -cdfq -- a) | sort) && echo $((1 + (2 * 3)))",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own form
    'x=(1 2 # three\n 3); echo "${x[@]}" ${#x} ${y:-a b} ${z//\\//_}',
    '[[ $a =~ ^(x|y)$ && ! -f "b c" ]] || exit 1',
    "diff <(a | sort) <(b) > >(tee log)",
    "awk '{ print $1 }' f | sed -e 's/(/)/g'",
    "echo a \\\n  b",
    "! grep -q x y && time sleep 1",
    'while read -r l; do echo "$l"; done < f | { cat; }',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own form
    "echo $'it\\'s' \"${a:-'}\"",
    "test a = b -o ! -d c; echo } esac fi",
    "trap 'rm -f x' EXIT\nset -euo pipefail\n",
    "ls !(a|b) *.@(c|d)",
    "a & b &\nwait",
    "coproc cat; coproc named { cat; }; coproc (cat); coproc while a; do b; done",
  ];
  for (const text of valid) {
    it(`has no fault in ${JSON.stringify(text)}`, () => assert.equal(readShell(text).fault, undefined));
  }

  it("always comes to an end, whatever the text", () => {
    let seed = 11;
    const next = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % limit;
    };
    const pieces = [
      "'",
      '"',
      "`",
      "$(",
      "${",
      ")",
      "}",
      "(",
      "{ ",
      "\\",
      "<<E\n",
      "\n",
      " if ",
      " fi ",
      ";;",
      "&&",
      "|",
      "a",
      " case x in ",
      "[[ ",
    ];
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join("");
      const { fault } = readShell(text);
      if (fault !== undefined) assert.ok(fault.start >= 0 && fault.end <= text.length + 2, text);
    }
  });

  it("takes hostile text in its stride: nested without end, or with much to look ahead for", function () {
    // What is tried again and again at each level would never come to an end.
    this.timeout(60_000);
    for (const piece of [
      "$((",
      "((",
      "(",
      "$(",
      "${",
      '"$(',
      "`",
      "if ",
      "{ ",
      "case x in (",
      "!(",
      "<(",
      "x=(",
      "a() ",
      "$(( (",
      '"${"',
    ]) {
      readShell(piece.repeat(20_000 / piece.length));
      readShell(`${piece.repeat(200)}a${")".repeat(400)}`);
    }
  });

  it("is shown at its place in the string, escapes and all", async () => {
    assert.deepEqual(await shell('host.shell("echo \\"a\\" | | b")\n'), ["shell/syntax |"]);
    assert.deepEqual(await shell("host.shell('''\nset -e\nif true; then\n  echo\n''')\n"), ["shell/syntax if"]);
    assert.deepEqual(await shell('shell("echo \\u00e9 \\"x")\n'), ['shell/syntax \\"']);
    assert.deepEqual(await shell('cmd = "fi"\nhost.shell(cmd)\n'), ["shell/syntax fi"]);
    assert.deepEqual(await shell('host.shell(command = "a &&")\n'), ["shell/syntax &&"]);
  });

  it("knows the holes of format, % and +", async () => {
    for (const text of [
      "host.shell(\"echo {} && awk '{{ print $1 }}'\".format(1))",
      'host.shell("echo %s%% %d" % (1, 2))',
      'host.shell("echo " + str(1) + " | sort")',
      'host.shell("{}".format("a") + " && b")',
      'host.shell(" && ".join(["a", "b {}".format(1), str(2)]))',
      'host.shell("if {}; then {}; fi".format("a", "b"))',
      'host.shell("cat <<EOF\\n{}\\nEOF\\n".format("x"))',
      // Nothing at all may be filled in.
      'host.shell("{} fi".format("if true; then x;"))',
      // Not for a shell.
      'host.shell("print(\'a\'", shell="python3")',
    ]) {
      assert.deepEqual(await shell(`${text}\n`), [], text);
    }
    assert.deepEqual(await shell('host.shell("echo {} | | b".format(1))\n'), ["shell/syntax |"]);
    assert.deepEqual(await shell('host.shell("echo %s &&" % 1)\n'), ["shell/syntax &&"]);
    assert.deepEqual(await shell('host.shell("a" + " | | b")\n'), ["shell/syntax |"]);
    assert.deepEqual(await shell('host.shell("awk \'{{ print }}".format(1))\n'), ["shell/syntax '"]);
  });

  it("stays at its place when other statements change, and follows the variable that holds it", async () => {
    const opened = await openMarked('x = 1\nhost.shell("a | | b")\ncmd = "fi"\nhost.shell(cmd)\n');
    const { workspace, snapshot } = opened;
    const shown = (text: string): string[] => {
      const file = workspace.view(snapshot.file.uri);
      assert.ok(file);
      assert.equal(file.source.text, text);
      return doDiagnostics({ ...snapshot, file }).map(({ span }) => text.slice(span.start, span.end));
    };
    assert.deepEqual(shown(snapshot.file.source.text), ["|", "fi"]);
    const edit = (line: number, text: string): void => {
      const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
      workspace.documents.change(snapshot.file.uri, 2 + line, [{ range, text }]);
      workspace.documentChanged(snapshot.file.uri);
    };
    edit(0, 'x = "somewhat longer"\n');
    assert.deepEqual(shown('x = "somewhat longer"\nhost.shell("a | | b")\ncmd = "fi"\nhost.shell(cmd)\n'), ["|", "fi"]);
    edit(2, 'cmd = "echo"\n');
    assert.deepEqual(shown('x = "somewhat longer"\nhost.shell("a | | b")\ncmd = "echo"\nhost.shell(cmd)\n'), ["|"]);
  });

  it("says nothing of a string that is still being typed", async () => {
    assert.deepEqual(await shell("host.shell(\"echo 'a\n"), []);
  });

  it("maps places of the file to the text and back", async () => {
    const { snapshot } = await openMarked('host.shell("a\\t{} b".format(1))\n');
    const [text] = findShellTexts(snapshot.file);
    assert.ok(text);
    assert.equal(text.text, "a\thole b");
    const at = snapshot.file.source.text.indexOf('b"');
    assert.equal(text.indexOf(at), 7);
    assert.deepEqual(text.spanOf(7, 8), { start: at, end: at + 1 });
    assert.deepEqual(text.spanOf(2, 6), { start: at - 3, end: at - 1 });
    assert.equal(text.indexOf(0), undefined);
  });

  it("finds scripts wherever a command runs one", async () => {
    const files = { "a.sh": "", "lib/b.sh": "" };
    const found = async (command: string, rest = ""): Promise<string[]> => {
      const { snapshot } = await openMarked(`host.shell(${command}${rest})\n`, { files });
      return findScripts(snapshot.file).map((each) => each.path);
    };
    assert.deepEqual(await found('"set -e; ./a.sh x && X=1 lib/../a.sh"'), ["a.sh"]);
    assert.deepEqual(await found('"bash ./a.sh | sh ./lib/b.sh"'), ["a.sh", "lib/b.sh"]);
    assert.deepEqual(await found('". ./a.sh"'), ["a.sh"]);
    assert.deepEqual(await found('"if true; then $(./a.sh); fi"'), ["a.sh"]);
    assert.deepEqual(await found('"./b.sh"', ', dir="lib"'), ["lib/b.sh"]);
    assert.deepEqual(await found('"cd x && ./a.sh"'), []);
    assert.deepEqual(await found('"./{}.sh".format("a")'), []);
  });

  it("misses scripts that are not there, and none that the command asks for", async () => {
    const options = { files: { "run.sh": "" } };
    assert.deepEqual(await shell('host.shell("set -e\\n./rnu.sh")\n', options), ["shell/missing-script ./rnu.sh"]);
    assert.deepEqual(await shell('host.shell("[ -x ./tool ] && ./tool")\n', options), []);
  });

  describe("in colour", () => {
    /** Each token of the shell text as `text type`. */
    const tokensOf = async (text: string): Promise<string[]> => {
      const { snapshot } = await openMarked(text);
      const shell = new ShellHighlighter(readShellGrammar);
      const { data } = getSemanticTokens({ ...snapshot, shell });
      const lines = text.split("\n");
      const found: string[] = [];
      let [line, character] = [0, 0];
      for (let at = 0; at < data.length; at += 5) {
        const [down = 0, right = 0, length = 0, type = 0] = data.slice(at, at + 4);
        character = down === 0 ? character + right : right;
        line += down;
        found.push(`${lines[line]?.slice(character, character + length)} ${semanticTokenTypes[type]}`);
      }
      return found.filter((each) => !/^(?:host namespace|shell function|format function)$/.test(each));
    };

    it("shows commands, options, strings, variables and operators at their places", async () => {
      assert.deepEqual(await tokensOf('host.shell("docker push -q $IMAGE | tee log && echo \\"a b\\"")\n'), [
        "docker function",
        "-q parameter",
        "IMAGE variable",
        "| operator",
        "tee function",
        "&& operator",
        "echo function",
        '\\" string',
        "a b string",
        '\\" string',
      ]);
    });

    it("leaves out holes, and cuts at the ends of lines", async () => {
      const text = "host.shell('''\nif x-{}; then\n  echo \"a\nb\"\nfi # c\n'''.format(1))\n";
      assert.deepEqual(await tokensOf(text), [
        "if keyword",
        "x- function",
        "then keyword",
        "echo function",
        '" string',
        "a string",
        "b string",
        '" string',
        "fi keyword",
        "# c comment",
      ]);
    });

    it("reads what is faulty as far as it can, and no other language", async () => {
      assert.ok((await tokensOf('host.shell("docker build . &&")\n')).includes("docker function"));
      assert.deepEqual(await tokensOf('host.shell("print(1)", shell="python3")\n'), ["shell parameter"]);
    });
  });
});
