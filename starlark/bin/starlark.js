#!/usr/bin/env node

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const bundle = join(__dirname, "../../dist/starlark.cjs");
if (!existsSync(bundle)) {
  process.stderr.write("starlark is not built yet. Run: npm run build\n");
  process.exit(1);
}
require(bundle);
