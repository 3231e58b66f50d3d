// Timing of whole processes: medians of several runs, and ratios against a yardstick that is measured in the same run.
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

/** Runs `action` `runs` times after one warm-up and returns the milliseconds of each, sorted. */
export function times(runs, action) {
  action(-1);
  return Array.from({ length: runs }, (_, run) => {
    const start = performance.now();
    const elapsed = action(run);
    return elapsed ?? performance.now() - start;
  }).sort((a, b) => a - b);
}

export function median(sorted) {
  return quantile(sorted, 0.5);
}

/** The value below which the share `q` of a sorted list lies. */
export function quantile(sorted, q) {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

// With it, every Node reads a file of certificates before it runs a line of ours, which takes longer than the rest of its start.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Runs a program to its end and returns its wall time in milliseconds; a status other than `expected` ends the benchmark. */
export function timeProcess(command, args, { expected = 0, ...options } = {}) {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
  const elapsed = performance.now() - start;
  if (error) throw error;
  if (status !== expected) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return elapsed;
}

export function milliseconds(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** Prints rows of equal keys as a table. */
export function printTable(title, rows) {
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells) => `| ${cells.map((cell, index) => String(cell).padEnd(widths[index])).join(" | ")} |`;
  console.log(`\n## ${title}\n`);
  console.log(line(columns));
  console.log(line(widths.map((width) => "-".repeat(width))));
  for (const row of rows) console.log(line(columns.map((column) => row[column])));
}
