import { Bytes } from "../values/bytes.ts";
import { Dict } from "../values/dict.ts";
import { Float } from "../values/float.ts";
import { intText } from "../values/hugeInts.ts";
import { iterate } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { pulse } from "../values/pulse.ts";
import { quote } from "../values/quote.ts";
import type { JsonMember } from "../values/shape.ts";
import { Failure, NoSuchAttribute, type StarlarkValue, typeOf, type Value } from "../values/value.ts";
import { encodePlain } from "./jsonPlain.ts";
import { encodeString } from "./jsonStrings.ts";
import { inOrder, placesInOrder } from "./sorting/places.ts";

/** A value as JSON, a byte string. Keys of dicts and fields of structs are sorted. */
export function encode(value: Value): string {
  return encodePlain(value) ?? new Encoder().encode(value);
}

const pieceLength = 4000;

class Encoder {
  /** What is complete, in pieces, and what comes after it. */
  private readonly pieces: string[] = [];
  private out = "";
  /** The containers around what is being encoded, and where in each it is. */
  private readonly path: StarlarkValue[] = [];
  private readonly onPath = new Set<StarlarkValue>();
  private readonly places: (string | number)[] = [];

  encode(value: Value): string {
    try {
      this.add(value);
      this.pieces.push(this.out);
      return this.pieces.join("");
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure([...this.places.map((place, i) => this.describe(place, i)), error.message].join(": "));
    }
  }

  private describe(place: string | number, i: number): string {
    const container = this.path[i] as StarlarkValue;
    if (container.items) return `in ${container.typeName} key ${quote(place as string)}`;
    return typeof place === "number" ? `at ${container.typeName} index ${place}` : `in field .${place}`;
  }

  private add(value: Value): void {
    if (typeof value === "string") this.out += encodeString(value);
    else if (typeof value === "number" || typeof value === "bigint") this.out += intText(value);
    else if (value === null) this.out += "null";
    else if (typeof value === "boolean") this.out += value ? "true" : "false";
    else if (value instanceof Float) this.addFloat(value);
    else this.addContainer(value);
  }

  private addFloat(float: Float): void {
    if (!Number.isFinite(float.value)) throw new Failure(`cannot encode non-finite float ${float.toStarlarkString()}`);
    this.out += float.toStarlarkString();
  }

  /** How many containers are around the one that it goes into. */
  private enter(container: StarlarkValue): number {
    this.onPath.add(container);
    return this.path.push(container) - 1;
  }

  /** Goes back to what is around a container. Setting a length would take V8 as long as all the rest. */
  private leave(depth: number): void {
    this.onPath.delete(this.path.pop() as StarlarkValue);
    if (this.places.length > depth) this.places.pop();
  }

  /** Begins a new piece. Asking for a char makes one text of all that was added, which V8 else keeps, until the end. */
  private endPiece(): void {
    this.out.charCodeAt(0);
    this.pieces.push(this.out);
    this.out = "";
  }

  private addContainer(value: StarlarkValue): void {
    pulse();
    if (this.out.length > pieceLength) this.endPiece();
    if (this.onPath.has(value)) throw new Failure("cycle in JSON structure");
    if (value instanceof Dict) {
      this.addDict(value);
    } else if (value.items) {
      this.addMembers(value, sortedEntries(value, value.items()));
    } else if (value.iterator) {
      this.addElements(value);
    } else if (value.attributeNames) {
      const names = [...value.attributeNames()].sort();
      this.addMembers(
        value,
        names.map((name) => [name, fieldOf(value, name)]),
      );
    } else if (value instanceof Bytes) {
      // As in Go, what has attributes is taken for an object.
      throw new Failure("in field .elems: cannot encode builtin_function_or_method as JSON");
    } else {
      throw new Failure(`cannot encode ${value.typeName} as JSON`);
    }
  }

  private addDict(dict: Dict): void {
    const members = dict.membersInJson(encodeString);
    if (members) {
      this.addShaped(dict, members);
      return;
    }
    const keys = sortedKeys(dict);
    const depth = this.enter(dict);
    let separator = "{";
    for (const key of keys) {
      pulse();
      if (this.out.length > pieceLength) this.endPiece();
      this.out += `${separator}${encodeString(key)}:`;
      separator = ",";
      this.places[depth] = key;
      this.add(dict.lookUp(key) as Value);
    }
    this.out += separator === "{" ? "{}" : "}";
    this.leave(depth);
  }

  private addShaped(dict: Dict, members: readonly JsonMember[]): void {
    const depth = this.enter(dict);
    let separator = "{";
    for (const { key, index, prefix } of members) {
      this.out += separator + prefix;
      separator = ",";
      this.places[depth] = key;
      this.add(dict.memberValue(index));
    }
    this.out += separator === "{" ? "{}" : "}";
    this.leave(depth);
  }

  private addElements(value: StarlarkValue): void {
    const depth = this.enter(value);
    let index = 0;
    this.out += "[";
    for (const element of value instanceof List ? value.elements : iterate(value)) {
      if (index > 0) this.out += ",";
      pulse();
      this.places[depth] = index++;
      this.add(element);
    }
    this.out += "]";
    this.leave(depth);
  }

  private addMembers(value: StarlarkValue, members: readonly (readonly [string, Value])[]): void {
    const depth = this.enter(value);
    let separator = "{";
    for (const [name, element] of members) {
      this.out += `${separator}${encodeString(name)}:`;
      separator = ",";
      this.places[depth] = name;
      this.add(element);
    }
    this.out += separator === "{" ? "{}" : "}";
    this.leave(depth);
  }
}

function sortedKeys(dict: Dict): string[] {
  const keys = dict.keys();
  let isSorted = true;
  let last = "";
  for (const key of keys) {
    pulse();
    if (typeof key !== "string") throw new Failure(`dict has ${typeOf(key)} key, want string`);
    isSorted &&= last <= key;
    last = key;
  }
  return (isSorted ? keys : inOrder(keys, placesInOrder(keys, false))) as string[];
}

function sortedEntries(value: StarlarkValue, items: [Value, Value][]): [string, Value][] {
  for (const [key] of items) {
    if (typeof key !== "string") throw new Failure(`${value.typeName} has ${typeOf(key)} key, want string`);
  }
  return (items as [string, Value][]).sort(([a], [b]) => {
    pulse();
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

function fieldOf(value: StarlarkValue, name: string): Value {
  let element: Value | undefined;
  try {
    element = value.attribute?.(name);
  } catch (error) {
    if (!(error instanceof NoSuchAttribute)) throw error;
    throw new Failure(`cannot access attribute ${value.typeName}.${name}: ${error.message}`);
  }
  if (element !== undefined) return element;
  throw new Failure(`missing attribute ${value.typeName}.${name} (despite ${quote(name)} appearing in dir()`);
}
