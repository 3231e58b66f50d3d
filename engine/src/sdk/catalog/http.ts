import type { SdkEntry, SdkFunction } from "../catalog.ts";
import { optional, required, sdkFunction, sdkNamespace } from "./entries.ts";

/** HTTP requests (spec 1.4). */

const http = sdkNamespace(
  "http",
  "anywhere",
  `
HTTP requests.

Every function waits for the response and returns it, whatever its status; only a request that cannot be made fails the run.
Requests go through the proxies that the variables \`HTTP_PROXY\` and \`HTTPS_PROXY\` name, but for hosts in \`NO_PROXY\`.`,
);

const responseFields = [
  { name: "status_code", type: "int", doc: "`200`, `404`, …" },
  { name: "status_text", type: "string", doc: "`OK`, `Not Found`, …" },
  {
    name: "headers",
    type: "dict of lists",
    doc: 'Lists of values by header name: `response.headers["Content-Type"][0]`.',
  },
  { name: "body", type: "string", doc: "The body." },
];

const url = required("url", "string", "`http://` or `https://`.");
const headers = optional("headers", "dict of strings", "Request headers.", { default: "{}" });
const body = optional("body", "string", "Request body.", { default: '""' });

function request(method: string, hasBody: boolean, summary: string, example: string): SdkFunction {
  return sdkFunction({
    name: `http.${method}`,
    parameters: hasBody ? [url, headers, body] : [url, headers],
    returns: "struct",
    fields: responseFields,
    place: "anywhere",
    inPreview: "placeholder",
    doc: `
${summary}

Returns a struct with \`status_code\`, \`status_text\`, \`headers\` and \`body\`.

\`\`\`starlark
${example}
\`\`\``,
  });
}

export const httpEntries: readonly SdkEntry[] = [
  http,
  request(
    "get",
    false,
    "Makes a GET request.",
    'response = http.get("https://example.com/health")\nif response.status_code != 200:\n    fail("not healthy: " + response.status_text)',
  ),
  request(
    "head",
    false,
    "Makes a HEAD request: the headers without the body.",
    'exists = http.head("https://example.com/app.tgz").status_code == 200',
  ),
  request(
    "delete",
    false,
    "Makes a DELETE request.",
    'http.delete("https://example.com/previews/12", headers={"Authorization": token})',
  ),
  request(
    "post",
    true,
    "Makes a POST request.",
    'http.post(\n    "https://example.com/hooks/deployed",\n    headers={"Content-Type": "application/json"},\n    body=json.encode({"tag": tag}),\n)',
  ),
  request("put", true, "Makes a PUT request.", 'http.put("https://example.com/flags/new-ui", body="on")'),
  request(
    "patch",
    true,
    "Makes a PATCH request.",
    'http.patch("https://example.com/apps/shop", body=json.encode({"replicas": 3}))',
  ),
];
