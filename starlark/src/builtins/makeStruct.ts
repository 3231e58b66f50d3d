import { BuiltinFunction } from "../values/functions.ts";
import { Struct } from "../values/struct.ts";
import { Failure } from "../values/value.ts";

/** The function `struct(**fields)`. */
export const makeStruct = new BuiltinFunction("struct", (_thread, args, kwargs) => {
  if (args.length > 0) throw new Failure("struct: unexpected positional arguments");
  return new Struct(kwargs);
});
