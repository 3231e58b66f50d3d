/** The page of `preview --serve`. */
import { join } from "node:path";
import type { PackageModel, PackageProblem, PhaseModel, SourcePosition } from "../../model/package.ts";
import { describeWork, phaseTitle, summarize } from "../../preview/describe.ts";
import type { PreviewState } from "../../preview/livePreview.ts";
import { drawGraph } from "../../preview/svg.ts";
import { codeExcerpt } from "../../terminal/excerpt.ts";
import { breakable, emptyState } from "../components.ts";
import { type Content, Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import { renderFrame } from "../layout.ts";

export interface PreviewPlace {
  readonly name: string;
  readonly root: string;
  readonly file: string;
}

export function previewPage(place: PreviewPlace, { model, problems, isStale }: PreviewState): Html {
  const { name, root, file } = place;
  const told = problems.filter(({ severity }) => severity !== "information");
  const notes = problems.filter(({ severity }) => severity === "information");
  const body = html`<h1>${icon("file")}${breakable(file)}</h1>
${model && html`<p class="facts">SDK ${model.sdkVersion} · ${summarize(model)}</p>`}
${isStale && html`<p class="banner status-failed" role="alert">${icon("failed")}${model ? "The file has an error. Below is what it said before." : "The file has an error."}</p>`}
${told.map((problem) => problemBox(problem, root))}
${model && html`<div class="${isStale ? "graph stale" : "graph"}">${phases(model)}</div>`}
${model && inputs(model)}
${notes.length > 0 && html`<details class="more"><summary>${notes.length === 1 ? "1 note" : `${notes.length} notes`}</summary><ul class="refs">${notes.map(({ message, position }) => html`<li>${placeOf(position)} ${message}</li>`)}</ul></details>`}`;
  return renderFrame({ title: file, name, follows: "the file", watches: [""], header: "", body });
}

function problemBox(problem: PackageProblem, root: string): Html {
  const { severity, message, position, stack = [] } = problem;
  const excerpt = position ? codeExcerpt({ ...position, path: join(root, position.file) }, "") : [];
  const outer = stack.slice(0, -1);
  return html`<div class="failure ${severity}"><p>${severity}: ${placeOf(position)}<strong>${message}</strong></p>
${excerpt.length > 0 && html`<pre class="json">${excerpt.join("\n")}</pre>`}
${outer.length > 0 && html`<ol class="stack">${outer.map((frame) => html`<li>${placeOf(frame)} in ${frame.functionName}</li>`)}</ol>`}</div>`;
}

function placeOf(position: SourcePosition | undefined): Content {
  return position && html`<code>${position.file}:${position.line}:${position.column}</code>`;
}

function phases(model: PackageModel): Html {
  if (model.phases.length === 0) {
    const { length } = model.registered;
    const registers = length === 1 ? "It registers 1 environment." : `It registers ${length} environments.`;
    return emptyState(length > 0 ? registers : "The file declares no work yet.");
  }
  const { width, height, elements } = drawGraph(model);
  const title = `${summarize(model)}; the table below says the same`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Graph"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${new Html(elements.join("\n"))}</svg></div>`;
}

/** The graph in words. */
function inputs(model: PackageModel): Content {
  if (model.phases.length === 0) return undefined;
  return html`<h2>Work</h2><div class="scroll"><table class="list"><thead><tr><th scope="col">Phase</th><th scope="col">Work</th><th scope="col">Functions</th><th scope="col">Inputs</th></tr></thead><tbody>${model.phases.map(phaseRows)}</tbody></table></div>`;
}

function phaseRows(phase: PhaseModel): Content {
  return phase.work.map((each) => {
    const work = describeWork(each);
    const values = work.inputs.map(
      ({ name, ref, value }) =>
        html`<div><dt>${name}</dt><dd>${ref !== undefined && html`<code>${ref}</code>`}${ref !== undefined && value !== undefined && " else "}${value !== undefined && html`<code>${value}</code>`}</dd></div>`,
    );
    return html`<tr><td>${phaseTitle(phase)}</td><th scope="row">${icon(work.kind)}${work.title}${work.annotation !== undefined && html`<span class="news">${work.annotation}</span>`}</th><td><code>${work.functions.join(", ")}</code></td><td><dl class="outputs">${values}</dl></td></tr>`;
  });
}
