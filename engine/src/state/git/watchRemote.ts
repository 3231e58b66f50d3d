/** Ending a git that talks to a remote: when that is silent for too long, and when nobody waits for it any more. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { patience } from "../interruption.ts";

/** A remote that says nothing for so long, not even how far it is, does not answer. Seconds. */
const defaultSilence = 120;
/** When a person is told what is waited for. Milliseconds. */
const tellAfter = 10_000;
/** How long git has to end by itself and clear its lock files away. Milliseconds. */
const graceMs = 2000;

export interface RemoteWatch {
  /** Ends watching. Returns why git was ended: `interrupted`, or the sentence about the remote; undefined when it was not. */
  close(): string | undefined;
}

/** Watches a git that was just started in a session of its own. */
export function watchRemote(child: ChildProcessWithoutNullStreams, command: string): RemoteWatch {
  const wanted = patience();
  const silence = silenceSeconds();
  let reason: string | undefined;
  let kill: NodeJS.Timeout | undefined;
  const end = (why: string) => {
    if (reason !== undefined) return;
    reason = why;
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => {
      signalGroup(child, "SIGKILL");
      // What has left the group may hold our pipes open for ever.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }, graceMs);
  };
  const onAbort = () => end("interrupted");
  const onSilence = () => end(`the remote did not answer for ${silence} seconds`);
  const silent = setTimeout(onSilence, silence * 1000);
  const tell = setTimeout(() => wanted?.onWaiting?.(`git ${command} waits for its remote; Ctrl-C gives up`), tellAfter);
  const onData = () => void silent.refresh();
  child.stdout.on("data", onData);
  child.stderr.on("data", onData);
  if (wanted?.signal.aborted) onAbort();
  wanted?.signal.addEventListener("abort", onAbort);
  return {
    close() {
      for (const timer of [silent, tell, kill]) clearTimeout(timer);
      wanted?.signal.removeEventListener("abort", onAbort);
      return reason;
    },
  };
}

/** `OCUROOT_GIT_TIMEOUT`, in seconds, for remotes that need longer, and for people who will not wait as long. */
function silenceSeconds(): number {
  const asked = Number(process.env.OCUROOT_GIT_TIMEOUT);
  return asked > 0 && asked <= 86_400 ? asked : defaultSilence;
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
