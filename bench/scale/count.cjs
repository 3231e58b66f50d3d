// Preloaded into `ocuroot`: counts what it asks the file system about the store, and says so when it ends. Unlike times,
// these counts are the same on every machine, however busy.
const fs = require("node:fs");
const promises = require("node:fs/promises");

const counts = { files: 0, folders: 0, checks: 0 };
const kinds = { readFile: "files", open: "files", readdir: "folders", stat: "checks", access: "checks" };

for (const [name, kind] of Object.entries(kinds)) {
  for (const api of [promises, ...(name === "readFile" ? [fs] : [])]) {
    const real = api[name];
    api[name] = (path, ...rest) => {
      if (String(path).includes(process.env.COUNT_BELOW)) counts[kind]++;
      return real(path, ...rest);
    };
  }
}

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  fs.writeFileSync(process.env.COUNT_TO, JSON.stringify({ ...counts, cpu: (user + system) / 1000 }));
});
