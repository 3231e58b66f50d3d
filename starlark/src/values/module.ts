import { quote } from "./quote.ts";
import { freeze, StarlarkValue, type Value } from "./value.ts";

/** A namespace of built-in functions and values, such as `json`. */
export class NativeModule extends StarlarkValue {
  override readonly typeName = "module";

  constructor(
    readonly name: string,
    readonly members: ReadonlyMap<string, Value>,
  ) {
    super();
  }

  override toStarlarkString(): string {
    return `<module ${quote(this.name)}>`;
  }

  override freeze(): void {
    for (const member of this.members.values()) freeze(member);
  }

  override attribute(name: string): Value | undefined {
    return this.members.get(name);
  }

  override attributeNames(): string[] {
    return [...this.members.keys()].sort();
  }
}
