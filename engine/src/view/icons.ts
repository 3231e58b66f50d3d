/** Icons as inline drawings: no font, no request. */
import type { WorkStatus } from "../history/model.ts";
import { Html } from "./html.ts";

type IconName = WorkStatus | "task" | "deploy" | "repository" | "file" | "environment";

const ring = '<circle cx="8" cy="8" r="6.25"/>';
const clock = `${ring}<path d="M8 4.5V8l2.4 1.6"/>`;
const drawings: Readonly<Record<IconName, string>> = {
  pending: ring,
  running: '<path d="M14.2 8A6.2 6.2 0 1 1 11.4 2.8"/><path d="M11.2.6v2.6H8.6"/>',
  complete: `${ring}<path d="m5.2 8.2 2 2 3.7-4.2"/>`,
  failed: `${ring}<path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6"/>`,
  blocked: clock,
  paused: clock,
  retried: '<path d="M2.2 5.2A6.2 6.2 0 1 1 1.8 8"/><path d="M2 1.9v3.4h3.4M8 5v3.2l2.2 1.3"/>',
  cancelled: `${ring}<path d="M3.7 12.3 12.3 3.7"/>`,
  interrupted: '<path d="M5.6 1.5v3m4.8-3v3M3.6 4.5h8.8v3a4.4 4.4 0 0 1-8.8 0zM8 12v2.6M2 14 14 2"/>',
  removed: '<path d="M2.5 4h11M6 4V2.4h4V4m-6 0 .7 9.6h6.6L12 4M6.6 6.6v4.6m2.8-4.6v4.6"/>',
  task: '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.5v2.2m0 8.6v2.2M1.5 8h2.2m8.6 0h2.2M3.4 3.4 5 5m6 6 1.6 1.6m0-9.2L11 5m-6 6-1.6 1.6"/>',
  deploy:
    '<path d="M9.6 10.9 5.1 6.4C6.6 3.6 9 2 13.9 2.1 14 7 12.4 9.4 9.6 10.9zM5.1 6.4 2 7l3.6.9M9.6 10.9 9 14l-.9-3.6M4.7 10.2c-1.4.5-1.8 1.9-2 3.1 1.200-.2 2.600-.6 3.100-2"/><circle cx="10.300" cy="5.700" r=".9"/>',
  repository:
    '<path d="M3.500 12.500V3.200c0-.7.5-1.200 1.200-1.200h7.800v9.500H4.600c-.7 0-1.100.5-1.100 1.200s.5 1.300 1.200 1.300h7.800v-2.500"/>',
  file: '<path d="M3.500 1.700h5.600l3.400 3.400v9.200h-9zM9 1.900v3.300h3.300"/>',
  environment: '<path d="M2 5.200 8 2l6 3.200L8 8.400zM2 8l6 3.200L14 8M2 10.800 8 14l6-3.200"/>',
};

export function icon(name: IconName): Html {
  return new Html(
    `<svg class="icon icon-${name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${drawings[name]}</svg>`,
  );
}
