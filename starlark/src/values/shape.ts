/**
 * The keys, all strings, of small dicts that were filled in the same order. Programs make thousands of dicts with the
 * same few keys; those share a shape, and have but an array of values of their own.
 */
export class Shape {
  /** Of dicts without entries. */
  static readonly empty = new Shape([]);

  readonly size: number;
  /** The shape that was last found by adding a key: most likely the next one, too. Else it is the one before it. */
  likely: Shape | undefined;
  earlier: Shape | undefined;
  private others: Map<string, Shape> | undefined;
  private jsonMembers: readonly JsonMember[] | undefined;

  /** The last key between quotes, if that is how JSON writes it. */
  readonly jsonKey: string | undefined;

  private constructor(readonly keys: readonly string[]) {
    this.size = keys.length;
    const lastKey = keys.at(-1);
    const isPlain = lastKey !== undefined && !/["\\\x80-\xff]/.test(lastKey);
    this.jsonKey = isPlain ? `"${lastKey}"` : undefined;
  }

  /** The shape of dicts with these keys, which differ. */
  static of(keys: readonly string[]): Shape {
    return keys.reduce<Shape>((shape, key) => shape.next(key) ?? new Shape([...shape.keys, key]), Shape.empty);
  }

  /** The key that was added last. */
  get lastKey(): string {
    return this.keys[this.size - 1] as string;
  }

  indexOf(key: string): number {
    const { keys } = this;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i;
    return -1;
  }

  /** The shape with one more key, which this one has not; undefined when there are to be no more shapes. */
  next(key: string): Shape | undefined {
    const { likely, earlier } = this;
    if (likely !== undefined && likely.keys[this.size] === key) return likely;
    if (earlier !== undefined && earlier.keys[this.size] === key) return earlier;
    return this.otherNext(key);
  }

  private otherNext(key: string): Shape | undefined {
    let next = this.others?.get(key);
    if (next === undefined) {
      if (shapeCount >= maxShapes || this.size >= maxKeys || key.length > maxKeyLength) return undefined;
      shapeCount++;
      next = new Shape([...this.keys, key]);
      this.others ??= new Map();
      this.others.set(key, next);
    }
    this.earlier = this.likely;
    this.likely = next;
    return next;
  }

  /** The keys in order, each with its JSON text, made by `encode`. */
  membersInJson(encode: (key: string) => string): readonly JsonMember[] {
    this.jsonMembers ??= this.keys
      .map((key, index) => ({ key, index, prefix: `${encode(key)}:` }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return this.jsonMembers;
  }
}

/** An entry of a dict as JSON has it. */
export interface JsonMember {
  readonly key: string;
  /** Of its value. */
  readonly index: number;
  /** The key and the colon. */
  readonly prefix: string;
}

/** Up to this many keys, looking at one after the other is as fast as hashing. */
export const maxKeys = 8;
/** Shapes are never given up, so there must not be too many, nor large ones. */
const maxShapes = 2000;
const maxKeyLength = 64;
let shapeCount = 0;
