/** Entry of a worker thread: evaluates Starlark, and leaves everything else to the main thread. */
import { parentPort, workerData } from "node:worker_threads";
import type { PackageProblem } from "../model/package.ts";
import type { EvaluationLimits } from "../package/evaluation.ts";
import { RepositorySession } from "../package/repository.ts";
import { PackageSession } from "../package/session.ts";
import type { ReplReply, ReplRequest } from "../repl/messages.ts";
import { ReplSession } from "../repl/session.ts";
import { WorkerBridge } from "./bridge.ts";
import type { Job, JobResult } from "./jobs.ts";
import type { WorkerStart } from "./thread.ts";
import { WorkerHost } from "./workerHost.ts";

const { channel } = workerData as WorkerStart;
const bridge = new WorkerBridge(channel);
/** One for each session: it asks its own session where a line comes from. */
const newHost = (): WorkerHost => new WorkerHost(bridge);
const limits: EvaluationLimits = { cancelFlag: bridge.cancelFlag };
const sessions = new Map<string, PackageSession>();
let repl: ReplSession | undefined;

/** Bytes that one input may take: less than the thread's heap, whose end would be that of the whole prompt. */
const replMemory = 250_000_000;

parentPort?.on("message", (job: Job) => {
  try {
    bridge.finish(perform(job));
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const problem = { code: "runner/fault", severity: "error", message, position: undefined } as const;
    bridge.finish({ kind: "fault", problem, stack } satisfies JobResult);
  }
});

function perform(job: Job): JobResult {
  switch (job.kind) {
    case "repository":
      return {
        kind: "repository",
        evaluation: new RepositorySession({ ...job.source, host: newHost(), limits }).evaluate(),
      };
    case "trigger": {
      const session = new RepositorySession({ ...job.source, host: newHost(), limits });
      return { kind: "trigger", problem: session.evaluate().problems.find(isError) ?? session.trigger(job.commit) };
    }
    case "package": {
      const session = new PackageSession({ ...job.source, host: newHost(), limits });
      const evaluation = session.evaluate();
      sessions.set(job.source.key, session);
      return { kind: "package", evaluation };
    }
    case "call": {
      const session = sessions.get(job.key);
      if (!session) throw new Error(`this worker has not evaluated ${job.key}`);
      return { kind: "call", outcome: session.run(job.fn, job.input) };
    }
    case "repl":
      return { kind: "repl", reply: answerRepl(job.request) };
  }
}

function isError({ severity }: PackageProblem): boolean {
  return severity === "error";
}

function answerRepl(request: ReplRequest): ReplReply {
  if (request.kind === "open")
    repl = new ReplSession({
      ...request.source,
      host: newHost(),
      limits: { ...limits, budget: { memory: replMemory } },
    });
  if (!repl) throw new Error("the repl has not been opened");
  return repl.answer(request);
}
