/** What a JSON document can hold. Integers beyond 2^53 are bigint: state keeps Starlark's integers exact. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
