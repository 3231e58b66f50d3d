import type { Identifier } from "../syntax/ast.ts";
import type { Binding, ScopeKind } from "./resolution.ts";
import { type FreeName, startOf } from "./scopes.ts";
import type { Unit } from "./unit.ts";

/** A name of the file's own level, or of what is around the file. Who uses it is found when first asked for. */
export class TopBinding implements Binding {
  readonly owner = undefined;
  readonly definitions: Identifier[] = [];
  /** Uses that are not in `FreeName`s: augmented assignments, and those whose meaning depends on the order. */
  readonly ownUses: Identifier[] = [];
  isReadAtTop = false;
  #uses: readonly Identifier[] | undefined;

  constructor(
    readonly name: string,
    readonly scope: ScopeKind,
    readonly role: Binding["role"],
    private readonly findUses: (binding: TopBinding) => readonly FreeName[],
  ) {}

  get uses(): readonly Identifier[] {
    this.#uses ??= this.#collect();
    return this.#uses;
  }

  /** Only of names that are local to the file is it of interest. */
  get isCaptured(): boolean {
    return this.scope === "file" && this.findUses(this).some((each) => each.isCaptured);
  }

  /** Whether any use reads it other than to add to it (`x += 1`). */
  get isRead(): boolean {
    return this.isReadAtTop || this.findUses(this).length > 0;
  }

  #collect(): Identifier[] {
    const uses = this.findUses(this).flatMap((each) => each.uses);
    return [...this.ownUses, ...uses].sort((a, b) => startOf(a) - startOf(b));
  }
}

/** Which statements use a name that they do not bind within themselves. */
export class NamesInUse {
  #byName: Map<string, FreeName[]> | undefined;

  constructor(private readonly units: readonly Unit[]) {}

  get(name: string): readonly FreeName[] {
    this.#byName ??= this.#group();
    return this.#byName.get(name) ?? [];
  }

  #group(): Map<string, FreeName[]> {
    const groups = new Map<string, FreeName[]>();
    for (const { free } of this.units) {
      for (const [name, each] of free) {
        const group = groups.get(name);
        if (group === undefined) groups.set(name, [each]);
        else group.push(each);
      }
    }
    return groups;
  }
}
