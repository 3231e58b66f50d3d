import type { Readable } from "node:stream";
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
} from "vscode-languageserver-protocol/node";

/** A message longer than this (bytes) is a mistake in its header. */
const longestMessage = 512 * 1024 * 1024;

/** Header fields longer than this (bytes) are no header. */
const longestHeader = 16 * 1024;

/**
 * Reads messages from a stream, all that have come at once: a cancellation right behind its request is seen before the
 * request is begun. After text that is no message it goes on with the next header it finds.
 */
export class StreamReader extends AbstractMessageReader implements MessageReader {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the message that the last header announced. */
  #wanted: number | undefined;

  constructor(private readonly stream: Readable) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    const take = (chunk: Buffer): void => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      for (let body = this.#next(); body !== undefined; body = this.#next()) this.#decode(body, callback);
    };
    const fail = (error: Error): void => this.fireError(error);
    const close = (): void => this.fireClose();
    this.stream.on("data", take).on("error", fail).on("close", close).on("end", close);
    return {
      dispose: () => void this.stream.off("data", take).off("error", fail).off("close", close).off("end", close),
    };
  }

  #decode(body: Buffer, callback: DataCallback): void {
    let message: Message;
    try {
      message = JSON.parse(body.toString("utf8")) as Message;
    } catch (error) {
      this.fireError(error);
      return;
    }
    callback(message);
  }

  /** The bytes of the next message that has come whole. */
  #next(): Buffer | undefined {
    while (this.#wanted === undefined) {
      const header = this.#readHeader();
      if (header === undefined) return undefined;
      const length = Number(/content-length:[ \t]*(\d+)[ \t]*(?:\r\n|$)/i.exec(header)?.[1] ?? Number.NaN);
      if (length <= longestMessage) this.#wanted = length;
      else this.fireError(new Error(`There is no length in the header ${JSON.stringify(header.slice(0, 200))}`));
    }
    if (this.#length < this.#wanted) return undefined;
    const body = this.#take(this.#wanted);
    this.#wanted = undefined;
    return body;
  }

  /** The fields before the next empty line. */
  #readHeader(): string | undefined {
    const first = this.#chunks[0];
    if (first === undefined) return undefined;
    if (first.indexOf("\r\n\r\n") < 0 && this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    const all = this.#chunks[0] ?? first;
    const end = all.indexOf("\r\n\r\n");
    if (end >= 0) return this.#take(end + 4).toString("latin1", 0, end);
    // What cannot be a header is not kept, but for an end that may be the beginning of one.
    if (this.#length > longestHeader) this.#take(this.#length - 64);
    return undefined;
  }

  #take(count: number): Buffer {
    const first = this.#chunks[0];
    const whole = first !== undefined && first.length >= count ? first : Buffer.concat(this.#chunks);
    const rest = whole.subarray(count);
    this.#chunks = whole === first ? this.#chunks.slice(1) : [];
    if (rest.length > 0) this.#chunks.unshift(rest);
    this.#length -= count;
    return whole.subarray(0, count);
  }
}
