import {
  type PreviewEnvironmentsParams,
  type PreviewEnvironmentsResult,
  previewEnvironmentsRequest,
  type WhatIf,
  type WhatIfEnvironment,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";
import type { PhasesTabs } from "../phases/phasesTab.ts";
import { attributeText, readAttributes, withEnvironment, withoutEnvironment } from "../phases/whatIf.ts";
import type { Services } from "../services.ts";
import { pickPackage } from "./pickPackage.ts";
import { heading, type PlaceItem } from "./pickPlace.ts";

const title = "What If There Were Other Environments?";

/** What If…: previews a file with an environment added, changed or left out. Nothing is registered, nothing is run. */
export function registerWhatIf(services: Services, tabs: PhasesTabs): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("ocuroot.whatIfEnvironments", async (...args: unknown[]) => {
      const subject = subjectOf(args);
      const target = await pickPackage(services, subject, title);
      if (!target) return;
      const whatIf = await askForTrial(services, target.uri);
      if (whatIf === undefined) return;
      await services.insights.setTrial(target.uri, whatIf === "reset" ? undefined : whatIf);
      // From the palette the graph may not be in view.
      if (args.length === 0) await tabs.show(vscode.Uri.parse(target.uri));
    }),
    vscode.commands.registerCommand("ocuroot.resetWhatIf", async (...args: unknown[]) => {
      const target = await pickPackage(services, subjectOf(args), "Reset What-If");
      if (target) await services.insights.setTrial(target.uri, undefined);
    }),
  );
}

async function askForTrial(services: Services, uri: string): Promise<WhatIf | "reset" | undefined> {
  const params: PreviewEnvironmentsParams = { uri };
  const known = (await services.server.request<PreviewEnvironmentsResult>(previewEnvironmentsRequest, params)) ?? {
    environments: [],
    notReleased: false,
    attributes: [],
  };
  const trial = services.insights.trialOf(uri)?.whatIf;
  const tried = new Map(trial?.environments.map((each) => [each.name, each]));
  const left = new Set(trial?.without);
  const items: (PlaceItem & { readonly answer?: () => Promise<WhatIf | "reset" | undefined> })[] = [
    { label: "$(add) Add an environment…", answer: () => askForNew(trial, known) },
    ...(trial ? [{ label: "$(discard) Reset to what is so", answer: async () => "reset" as const }] : []),
    heading("change, or leave out"),
    ...known.environments.map((environment): (typeof items)[number] => {
      const now = tried.get(environment.name) ?? environment;
      const state = left.has(environment.name) ? "left out" : tried.has(environment.name) ? "changed" : "";
      return {
        label: `$(${left.has(environment.name) ? "circle-slash" : "server-environment"}) ${environment.name}`,
        description: [state, attributeText(now)].filter(Boolean).join(" · "),
        answer: () => askForChange(trial, now, known),
      };
    }),
    ...[...tried.values()]
      .filter((each) => known.environments.every(({ name }) => name !== each.name))
      .map((environment) => ({
        label: `$(beaker) ${environment.name}`,
        description: ["added", attributeText(environment)].filter(Boolean).join(" · "),
        answer: () => askForChange(trial, environment, known),
      })),
  ];
  const placeHolder = "Nothing is registered or run: only the preview changes";
  const choice = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return await choice?.answer?.();
}

async function askForNew(trial: WhatIf | undefined, known: PreviewEnvironmentsResult): Promise<WhatIf | undefined> {
  const taken = new Set(known.environments.map((each) => each.name));
  const name = await vscode.window.showInputBox({
    title: "What If: Add an Environment",
    prompt: "Its name",
    placeHolder: "staging-3",
    validateInput: (text) =>
      taken.has(text.trim())
        ? `There is an environment ${text.trim()} already: choose it in the list to change it.`
        : /^[\w.-]+$/.test(text.trim())
          ? undefined
          : "A name has letters, digits, `.`, `_` and `-`.",
  });
  if (name === undefined) return undefined;
  // The attributes of a neighbour are the most likely ones.
  const like = known.environments.at(-1);
  const environment = await askForAttributes({ name: name.trim(), attributes: like?.attributes ?? {} }, known);
  return environment && withEnvironment(trial, environment);
}

async function askForChange(
  trial: WhatIf | undefined,
  environment: WhatIfEnvironment,
  known: PreviewEnvironmentsResult,
): Promise<WhatIf | undefined> {
  const change = { label: "$(edit) Change its attributes…", description: attributeText(environment) };
  const leave = { label: "$(circle-slash) Leave it out", description: "as if it was not registered" };
  const choice = await vscode.window.showQuickPick([change, leave], { title: `What If: ${environment.name}` });
  if (choice === leave) return withoutEnvironment(trial, environment.name);
  const changed = choice && (await askForAttributes(environment, known));
  return changed && withEnvironment(trial, changed);
}

async function askForAttributes(
  environment: WhatIfEnvironment,
  known: PreviewEnvironmentsResult,
): Promise<WhatIfEnvironment | undefined> {
  const inUse = known.attributes.map(({ name, values }) => `${name}: ${values.slice(0, 5).join(", ")}`).join(" · ");
  const text = await vscode.window.showInputBox({
    title: `What If: ${environment.name}`,
    prompt: inUse ? `Attributes as NAME=VALUE. In use: ${inUse}` : "Attributes as NAME=VALUE, such as type=staging",
    value: attributeText(environment),
    validateInput: (value) => {
      const read = readAttributes(value);
      return read.ok ? undefined : read.reason;
    },
  });
  const read = text === undefined ? undefined : readAttributes(text);
  return read?.ok ? { name: environment.name, attributes: read.attributes } : undefined;
}
