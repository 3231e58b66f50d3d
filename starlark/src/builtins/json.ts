import { BuiltinFunction, type BuiltinImplementation } from "../values/functions.ts";
import { NativeModule } from "../values/module.ts";
import { Failure, type Value } from "../values/value.ts";
import { DecodeFailure, decode } from "./jsonDecode.ts";
import { encode } from "./jsonEncode.ts";
import { indent } from "./jsonIndent.ts";
import { unpackArguments, unpackPositional } from "./unpack.ts";

const indentParameters = { "prefix?": "string", "indent?": "string" } as const;

const functions: Record<string, BuiltinImplementation> = {
  encode(_thread, args, kwargs) {
    const [value] = unpackPositional("json.encode", args, kwargs, 1, "value");
    return named("json.encode", () => encode(value as Value));
  },
  encode_indent(_thread, args, kwargs) {
    const { prefix = "", indent: step = "\t" } = unpackArguments("json.encode_indent", [], kwargs, indentParameters);
    const [value] = unpackPositional("json.encode_indent", args, [], 1, "value");
    return named("json.encode_indent", () => indent(encode(value as Value), prefix, step));
  },
  decode(_thread, args, kwargs) {
    const { x, default: fallback } = unpackArguments("json.decode", args, kwargs, { x: "string", "default?": "value" });
    if (args.length < 1) throw new Failure("json.decode: unexpected keyword argument x");
    try {
      return decode(x);
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
      if (fallback !== undefined) return fallback;
      throw new Failure(`json.decode: at offset ${error.offset}, ${error.message}`);
    }
  },
  indent(_thread, args, kwargs) {
    const { prefix = "", indent: step = "\t" } = unpackArguments("json.indent", [], kwargs, indentParameters);
    const [text] = unpackPositional("json.indent", args, [], 1, "string");
    return named("json.indent", () => indent(text!, prefix, step));
  },
};

function named(name: string, run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${name}: ${error.message}`);
    throw error;
  }
}

/** The module `json`. */
export const jsonModule = new NativeModule(
  "json",
  new Map(Object.entries(functions).map(([name, run]) => [name, new BuiltinFunction(`json.${name}`, run)])),
);
