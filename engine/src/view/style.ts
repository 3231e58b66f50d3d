/** The view's looks. Colours follow the system's light or dark; each status has its own, beside its icon and its word. */
export const style = `
:root {
  color-scheme: light dark;
  --bg: #ffffff; --panel: #f6f7f9; --line: #dfe2e7; --text: #1f2329; --faint: #646b76; --accent: #1a63c9;
  --ok: #1a7f37; --bad: #c4281c; --warn: #8a6100; --run: #1a63c9; --odd: #a84a00; --hover: #eef1f5; --code: #f1f3f6;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #16181c; --panel: #1d2025; --line: #32363d; --text: #dfe2e7; --faint: #9299a5; --accent: #6ea8fe;
    --ok: #56c271; --bad: #ff7b72; --warn: #dcaa3c; --run: #6ea8fe; --odd: #f0954f; --hover: #24282f; --code: #23272d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 14px/1.5 var(--sans); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
code, pre, .ref, .log { font-family: var(--mono); font-size: 12.5px; }
code { background: var(--code); border-radius: 4px; padding: 1px 5px; overflow-wrap: anywhere; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; z-index: 3; background: var(--bg); padding: 6px 10px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { vertical-align: -3px; margin-right: 6px; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.icon-running { animation: spin 1.6s linear infinite; transform-origin: center; }
@keyframes spin { to { transform: rotate(360deg); } }

header { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 4px 18px; flex-wrap: wrap; padding: 8px 24px; background: var(--panel); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 8px; font-weight: 600; color: var(--text); max-width: 13em; min-width: 0; }
.brand span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.brand svg { fill: none; stroke: var(--accent); stroke-width: 2; flex: none; }
header ul { display: flex; flex-wrap: wrap; gap: 2px; list-style: none; margin: 0; padding: 0; }
header nav a { display: block; padding: 4px 10px; border-radius: 6px; color: var(--faint); }
header nav a:hover { background: var(--hover); color: var(--text); text-decoration: none; }
header nav a[aria-current] { color: var(--text); background: var(--hover); font-weight: 600; }
header form { margin-left: auto; flex: 0 1 17em; min-width: 10em; }
input[type="search"] { font: inherit; color: inherit; width: 100%; padding: 4px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--bg); }
#live { display: flex; align-items: center; gap: 6px; color: var(--faint); font-size: 12px; min-width: 3em; }
#live .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--ok); }
#live.off .dot { background: none; border: 2px solid var(--odd); }

main { max-width: 1320px; margin: 0 auto; padding: 20px 24px 60px; }
h1 { font-size: 22px; line-height: 1.3; margin: 4px 0 12px; font-weight: 600; overflow-wrap: anywhere; }
h1 .icon { width: 20px; height: 20px; }
h1.long { font-size: 16px; font-family: var(--mono); }
h2 { font-size: 15px; margin: 28px 0 10px; font-weight: 600; overflow-wrap: anywhere; }
h3 { font-size: 13px; margin: 12px 0 6px; font-weight: 600; overflow-wrap: anywhere; }
.title { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 16px; }
.title .status { font-size: 15px; font-weight: 600; }
.path ol { display: flex; flex-wrap: wrap; list-style: none; margin: 0 0 8px; padding: 0; font-size: 13px; color: var(--faint); }
.path li { overflow-wrap: anywhere; }
.path li + li::before { content: "›"; margin: 0 8px; color: var(--faint); }
.faint, .facts, .empty { color: var(--faint); }
.facts { margin: -6px 0 12px; }
.count { color: var(--faint); font-weight: 400; font-size: 12px; font-variant-numeric: tabular-nums; }
.tag { display: inline-block; font-size: 12px; font-weight: 500; padding: 0 7px; border: 1px solid var(--line); border-radius: 10px; color: var(--faint); white-space: nowrap; max-width: 24em; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
.release { font-weight: 600; font-variant-numeric: tabular-nums; }
.commit { color: var(--faint); }
time { white-space: nowrap; }

.status { display: inline-flex; align-items: baseline; }
.status .icon { align-self: center; margin-right: 5px; }
.status-complete { color: var(--ok); } .status-failed { color: var(--bad); } .status-running { color: var(--run); }
.status-blocked, .status-paused { color: var(--warn); } .status-interrupted { color: var(--odd); }
.status-pending, .status-retried, .status-cancelled, .status-removed { color: var(--faint); }
.news { display: block; color: var(--faint); overflow-wrap: anywhere; }
.banner { display: flex; align-items: center; padding: 10px 14px; border: 1px solid currentColor; border-radius: 8px; background: var(--panel); overflow-wrap: anywhere; }

.tiles { display: flex; flex-wrap: wrap; gap: 12px; list-style: none; padding: 0; margin: 0 0 8px; }
.tile { flex: 1 1 150px; padding: 12px 16px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.tile strong { font-size: 20px; margin-right: 4px; font-variant-numeric: tabular-nums; }
.tile.none { color: var(--faint); }

.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 14px; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; font-size: 12px; font-weight: 500; color: var(--faint); background: var(--panel); white-space: nowrap; }
thead th a { color: inherit; }
tbody th { font-weight: 500; min-width: 12em; }
.scroll > .list:not(.matrix) { min-width: 46em; }
td .news { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; }
td .status, td .commit { white-space: nowrap; }
td.wide { min-width: 14em; }
tbody tr:hover { background: var(--hover); }
table.list:not(.scroll > *) { border: 1px solid var(--line); border-radius: 8px; }
.matrix th:first-child { position: sticky; left: 0; background: var(--bg); z-index: 1; }
.matrix thead th:first-child { background: var(--panel); }
.matrix tbody tr:hover th { background: var(--hover); }
.values th { width: 18em; min-width: 9em; font-family: var(--mono); font-size: 12.5px; font-weight: 500; }
.values { border: 1px solid var(--line); border-radius: 8px; border-collapse: separate; border-spacing: 0; }
.values tr:first-child > * { border-top: 0; }
.values .from { width: 34%; text-align: right; font-size: 12px; }
dl.outputs { margin: 0; display: grid; gap: 4px; }
dl.outputs div { display: flex; gap: 8px; flex-wrap: wrap; }
dl.outputs dt { color: var(--faint); } dl.outputs dd { margin: 0; min-width: 0; }
.strip .icon { margin-right: 3px; }

.cards { list-style: none; padding: 0; margin: 0; display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; background: var(--panel); min-width: 0; }
.card h3 { margin: 0 0 8px; } .card p { margin: 0 0 6px; }
.card .values { background: var(--bg); } .card .values th, .card .values td { padding: 4px 10px; min-width: 0; } .card .values th { width: 40%; }
section > .cards:has(.missing) { grid-template-columns: 1fr; }
.next { margin: 0 0 18px; }
.missing { list-style: none; padding: 0; margin: 4px 0 8px; display: grid; gap: 8px; }
.missing li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.command { display: inline-flex; max-width: 100%; align-items: stretch; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; background: var(--code); }
.command code { padding: 3px 10px; background: none; }
button, .button { font: inherit; font-size: 12px; color: var(--text); background: var(--hover); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px; cursor: pointer; }
.button { display: inline-block; font-size: 13px; }
.command button { border: 0; border-left: 1px solid var(--line); border-radius: 0; min-width: 5em; padding: 2px 10px; }
button:hover, .button:hover { background: var(--line); text-decoration: none; }
.empty-state { text-align: center; padding: 36px 20px; border: 1px dashed var(--line); border-radius: 8px; color: var(--faint); }
.empty-state p { margin: 0 0 12px; } .empty-state > :last-child { margin-bottom: 0; }
.inline, .refs { list-style: none; padding: 0; margin: 0; }
.inline { display: flex; flex-wrap: wrap; gap: 6px 18px; }
.refs li { padding: 4px 0; overflow-wrap: anywhere; display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.ref { overflow-wrap: anywhere; }

.pipeline { display: flex; gap: 14px; list-style: none; margin: 0; padding: 4px 2px 16px; overflow-x: auto; align-items: flex-start; }
.phase { flex: 1 0 220px; max-width: 340px; min-width: 220px; }
.phase > h2 { display: flex; align-items: center; margin: 0 0 10px; padding-bottom: 8px; border-bottom: 2px solid currentColor; font-size: 13px; min-height: 32px; }
.phase > h2 .name { color: var(--text); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; margin-right: 8px; }
.phase > h2 .count { margin-left: auto; white-space: nowrap; }
.phase > ul { list-style: none; padding: 0; margin: 0; display: grid; gap: 10px; }
.work { display: grid; gap: 2px; }
.work-task { border-radius: 4px; }
.work-deploy { border-radius: 12px; }
.work .name { display: flex; align-items: baseline; font-weight: 600; color: var(--text); overflow-wrap: anywhere; min-width: 0; }
.work .name .icon { align-self: flex-start; margin-top: 3px; color: var(--faint); }
.work .status { font-size: 13px; overflow-wrap: anywhere; }
.work .outputs { color: var(--faint); font: 12px/1.5 var(--mono); margin: 2px 0 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.work .news { margin: 2px 0 0; font-size: 13px; color: var(--text); display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; }
.card-failed { border-left: 3px solid var(--bad); } .card-interrupted { border-left: 3px solid var(--odd); }
.card-running { border-left: 3px solid var(--run); }
.card-blocked, .card-paused { border-left: 3px solid var(--warn); }
.quiet { padding: 6px 0; } .quiet > summary { color: var(--faint); padding: 4px 0; }
.quiet > ul { list-style: none; margin: 6px 0 0; padding: 0; display: grid; gap: 10px; }
.work details { font-size: 13px; color: var(--faint); }
.attempts { margin: 4px 0 0; padding-left: 22px; }
summary { cursor: pointer; }
.more { margin-top: 28px; }

.failure { border: 1px solid var(--bad); border-radius: 8px; padding: 10px 14px; margin: 0 0 8px; background: var(--panel); overflow-wrap: anywhere; }
.failure p { margin: 0; } .failure strong { margin-left: 8px; font-weight: 500; white-space: pre-wrap; }
.stack { margin: 8px 0 0; padding-left: 24px; color: var(--faint); }
pre.json { margin: 0; padding: 12px 14px; background: var(--code); border-radius: 8px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
td pre.json { padding: 8px 10px; } details pre.json { margin-top: 8px; }
.log { max-height: 70vh; overflow: auto; padding: 10px 0; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); line-height: 1.55; }
.line { display: flex; padding: 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.line:hover { background: var(--hover); }
.line time { flex: none; width: 6.2em; color: var(--faint); user-select: none; }
.line-stderr span:last-child { color: var(--text); }
.line-stderr::before, .line-stdout::before, .line-print::before, .line-command-line::before { content: ""; flex: none; width: 3px; margin: 2px 10px 2px 0; border-radius: 2px; }
.line-stderr::before { background: var(--odd); }
.line-command-line { color: var(--faint); }
.ansi-red { color: var(--bad); } .ansi-green { color: var(--ok); } .ansi-yellow { color: var(--warn); }
.ansi-blue { color: var(--run); } .ansi-magenta { color: #a23fb8; } .ansi-cyan { color: #157e8c; }
.ansi-black, .ansi-dim { color: var(--faint); } .ansi-bold { font-weight: 600; }
.graph { margin: 0 0 8px; } .graph svg { display: block; } .stale { opacity: 0.55; }
.graph text { fill: var(--text); font-size: 14px; } .graph .phase { font-weight: 600; }
.graph rect { fill: var(--panel); stroke: var(--line); } .graph .dim, .graph .input { fill: var(--faint); } .graph .input { font-size: 11px; }
.graph .edge { fill: none; stroke: var(--faint); stroke-width: 1.5; } .graph .optional { stroke-dasharray: 4 3; }
.failure.warning { border-color: var(--warn); } .failure pre.json { margin-top: 8px; }
.fresh { animation: fresh 1.2s ease-out; }
@keyframes fresh { from { background: color-mix(in srgb, var(--accent) 22%, transparent); } }
@media (prefers-color-scheme: dark) { .ansi-magenta { color: #d38ae6; } .ansi-cyan { color: #5cc4d3; } }
@media (prefers-reduced-motion: reduce) { .icon-running, .fresh { animation: none; } }
@media (max-width: 720px) {
  header { position: static; padding: 8px 14px; } header form { margin-left: 0; flex: 1; }
  main { padding: 14px 14px 40px; } th, td { padding: 7px 10px; } .values .from { display: none; }
}
@media (forced-colors: active) { .card-failed, .card-interrupted, .card-running, .card-blocked, .card-paused { border-left-width: 5px; } }
@media print { header, .skip, .command button { display: none; } .log { max-height: none; } }
`;

/** The page's icon. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="#3b82f6" stroke-width="2.400"/><circle cx="8" cy="8" r="2.200" fill="#3b82f6"/></svg>`;
