import assert from "node:assert/strict";
import { readAnsi } from "../src/model/ansi.ts";
import { findLogParts } from "../src/model/logParts.ts";

describe("Colours of a log", () => {
  it("leave the text alone where there are none", () => {
    assert.deepEqual(readAnsi("plain\ntext\n"), { text: "plain\ntext\n", spans: [] });
  });

  it("become stretches of lines, over line ends too", () => {
    const { text, spans } = readAnsi("a \x1b[31mred\nmore\x1b[0m end\n\x1b[1;92mok\x1b[22m fine\x1b[39m.");
    assert.equal(text, "a red\nmore end\nok fine.");
    assert.deepEqual(spans, [
      { line: 0, start: 2, end: 5, style: { color: "terminal.ansiRed" } },
      { line: 1, start: 0, end: 4, style: { color: "terminal.ansiRed" } },
      { line: 2, start: 0, end: 2, style: { bold: true, color: "terminal.ansiBrightGreen" } },
      { line: 2, start: 2, end: 7, style: { color: "terminal.ansiBrightGreen" } },
    ]);
  });

  it("know 256 and all colours", () => {
    const styles = readAnsi("\x1b[38;5;196ma\x1b[48;2;1;2;3mb\x1b[38;5;3mc\x1b[38;5;244md").spans.map(
      (each) => each.style,
    );
    assert.deepEqual(styles, [
      { color: "#ff0000" },
      { color: "#ff0000", background: "#010203" },
      { color: "terminal.ansiYellow", background: "#010203" },
      { color: "#808080", background: "#010203" },
    ]);
  });

  it("and other codes never show, whole or cut off", () => {
    assert.equal(
      readAnsi("\x1b]8;;https://a.example\x07link\x1b]8;;\x07 \x1b[2K\x1b[1Aup\x1b[?25l\x1b]0;title").text,
      "link up",
    );
  });

  it("a line that is written over keeps its last state", () => {
    assert.equal(readAnsi("10%\r50%\r100%\nwindows\r\nend").text, "100%\nwindows\nend");
    assert.deepEqual(readAnsi("\x1b[31m10%\r\x1b[0mdone").spans, []);
  });
});

describe("Parts of a release's log", () => {
  it("reach from one heading to the next", () => {
    const lines = [
      "── task build · done ──",
      "a",
      "b",
      "",
      "── deploy us · failed ──",
      "── deploy eu · done ──",
      "c",
      "",
    ];
    assert.deepEqual(findLogParts(lines), [
      { start: 0, end: 2 },
      { start: 5, end: 6 },
    ]);
  });
});
