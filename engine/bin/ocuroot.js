#!/usr/bin/env node

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const bundle = join(__dirname, "../../dist/ocuroot.cjs");
if (!existsSync(bundle)) {
  process.stderr.write("ocuroot is not built yet. Run: npm run build\n");
  process.exit(1);
}
require(bundle);
