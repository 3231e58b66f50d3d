/** Work on texts that may be very long: it looks up now and then, and makes its result without an object for each char. */
import { pulseFor } from "./pulse.ts";

/** So many chars are worked on at once. */
const pieceLength = 2 ** 18;
/** So many chars take about as long as a round of a loop. */
const charsPerRound = 256;

/** Called for so many chars that were worked on at once. May throw. */
export function pulseForChars(count: number): void {
  if (count > charsPerRound) pulseFor(Math.floor(count / charsPerRound));
}

/** What `change` makes of a text of which each code point is changed by itself. */
export function changeInPieces(text: string, change: (piece: string) => string): string {
  if (text.length <= pieceLength) return change(text);
  let result = "";
  for (let at = 0; at < text.length; ) {
    pulseForChars(pieceLength);
    let end = at + pieceLength;
    while ((text.charCodeAt(end) & 0xc0) === 0x80) end++; // Within a code point; NaN past the end.
    result += change(text.slice(at, end));
    at = end;
  }
  return result;
}

/** Whether `test` holds for any piece of a text. */
export function isInPieces(text: string, test: (piece: string) => boolean): boolean {
  if (text.length <= pieceLength) return test(text);
  for (let at = 0; at < text.length; at += pieceLength) {
    pulseForChars(pieceLength);
    if (test(text.slice(at, at + pieceLength))) return true;
  }
  return false;
}

export function indexOf(text: string, wanted: string): number {
  pulseForChars(text.length);
  return text.indexOf(wanted);
}

/**
 * Puts a text together. V8 keeps the parts of a text until somebody asks for a char: of millions of them it would then make
 * one in a single step, and each part is an object until then. So it is asked for every few thousand chars, and what that
 * makes is put together in a tree that is wide and low.
 */
export class LongText {
  private whole = "";
  private piece = "";

  add(text: string): void {
    this.piece += text;
    if (this.piece.length >= 4096) this.endPiece(text.length);
  }

  finish(): string {
    return this.whole + this.piece;
  }

  /** A long part is itself put together of such pieces: it need not be copied here. */
  private endPiece(lastLength: number): void {
    const { piece } = this;
    if (lastLength < 4096) {
      piece.charCodeAt(0);
      pulseForChars(4096);
    }
    this.whole += piece;
    this.piece = "";
  }
}

/** Collects a text char by char. */
export class TextBuilder {
  private whole = "";
  private piece = "";

  add(text: string): void {
    this.piece += text;
    if (this.piece.length >= 4096) this.endPiece();
  }

  finish(): string {
    return this.whole + this.piece;
  }

  private endPiece(): void {
    const { piece } = this;
    piece.charCodeAt(0); // Has V8 make one text of its parts, each of which is an object.
    this.whole += piece;
    this.piece = "";
    pulseForChars(4096);
  }
}
