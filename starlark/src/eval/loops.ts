import { Dict } from "../values/dict.ts";
import { iteratorOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { Range } from "../values/range.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, typeOf, type Value, type ValueIterator } from "../values/value.ts";

/**
 * What a `for` loop takes its elements from: arrays of them, one after the other, so that the loop itself runs over a
 * plain array. Lists and tuples come in one piece; what may be endless comes in small ones.
 */
export abstract class LoopSource {
  abstract elements: readonly Value[];

  /** The next piece, not empty; null at the end. */
  abstract more(): readonly Value[] | null;

  /** Called when the loop ends, however it ends. */
  abstract done(): void;
}

class ArraySource extends LoopSource {
  constructor(
    readonly elements: readonly Value[],
    private readonly owner: { iterations: number } | null,
  ) {
    super();
    if (owner) owner.iterations++;
  }

  override more(): null {
    return null;
  }

  override done(): void {
    if (this.owner) this.owner.iterations--;
  }
}

/** How many elements of a range are made at once. */
const pieceSize = 256;

class RangeSource extends LoopSource {
  override elements: readonly Value[] = [];
  private position = 0;

  constructor(private readonly range: Range) {
    super();
  }

  override more(): readonly Value[] | null {
    const end = Math.min(this.position + pieceSize, this.range.size);
    if (this.position >= end) return null;
    const piece: Value[] = [];
    while (this.position < end) piece.push(this.range.at(this.position++));
    return piece;
  }

  override done(): void {}
}

class IteratorSource extends LoopSource {
  override readonly elements: readonly Value[] = [];

  constructor(private readonly iterator: ValueIterator) {
    super();
  }

  override more(): readonly Value[] | null {
    const element = this.iterator.next();
    return element === undefined ? null : [element];
  }

  override done(): void {
    this.iterator.done();
  }
}

/** Starts a loop over a value. */
export function startLoop(value: Value): LoopSource {
  if (value instanceof List) return new ArraySource(value.elements, value);
  if (value instanceof Tuple) return new ArraySource(value.elements, null);
  if (value instanceof Dict) return new ArraySource(value.currentKeys(), value);
  if (value instanceof Range) return new RangeSource(value);
  const iterator = iteratorOf(value);
  if (!iterator) throw new Failure(`${typeOf(value)} value is not iterable`);
  return new IteratorSource(iterator);
}
