// Loads and activates the extension in a process of its own, with an editor that does nothing: what remains is the
// extension's own work before the editor can go on. Prints {load, activate} in milliseconds of processor time.
const Module = require("node:module");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const root = join(__dirname, "../..");
const bundle = join(root, "dist/extension.cjs");

/** Anything at all: can be called, made, and asked for more of its kind. */
function anything() {
  const known = new Map();
  return new Proxy(() => {}, {
    get(_, name) {
      if (name === Symbol.toPrimitive) return () => "";
      if (name === Symbol.iterator) return function* () {};
      if (name === "then") return undefined;
      if (name === "prototype") return Object.prototype;
      if (!known.has(name)) known.set(name, name === "isTrusted" ? true : anything());
      return known.get(name);
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

class Emitter {
  event = () => ({ dispose() {} });
  fire() {}
  dispose() {}
}
/** Each setting at its default, no folder, trusted. */
const settings = {
  getConfiguration: () => ({ get: (_, value) => value }),
  workspaceFolders: undefined,
  isTrusted: true,
};
const others = anything();
const real = {
  workspace: new Proxy(settings, { get: (target, name) => (name in target ? target[name] : others[name]) }),
  EventEmitter: Emitter,
  Disposable: { from: () => ({ dispose() {} }) },
  TreeItem: class {},
  TerminalLink: class {},
  Uri: { joinPath: anything(), parse: anything(), from: anything(), file: anything() },
};
const editor = anything();
const names = [...readFileSync(bundle, "utf8").matchAll(/\bvscode\d*\.([A-Za-z]+)/g)].map((match) => match[1]);
const vscode = Object.fromEntries(names.map((name) => [name, real[name] ?? editor[name]]));

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === "vscode" ? vscode : load.call(this, request, ...rest);
};

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const start = cpu();
const extension = require(bundle);
const loaded = cpu();
const storage = mkdtempSync(join(tmpdir(), "ocuroot-bench-"));
const globalStorageUri = { fsPath: storage };
const context = { extensionPath: root, subscriptions: [], extensionUri: anything(), globalStorageUri };
extension.activate(new Proxy(context, { get: (target, name) => target[name] ?? anything() }));
console.log(JSON.stringify({ load: loaded - start, activate: cpu() - loaded }));
rmSync(storage, { recursive: true });
process.exit();
