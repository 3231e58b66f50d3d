/** Encodes tokens as LSP does: each relative to the one before. Push them in the order of the text. */
export class SemanticTokensBuilder {
  readonly #data: number[] = [];
  #line = 0;
  #character = 0;

  push(line: number, character: number, length: number, type: number, modifiers: number): void {
    const isSameLine = line === this.#line;
    this.#data.push(line - this.#line, isSameLine ? character - this.#character : character, length, type, modifiers);
    this.#line = line;
    this.#character = character;
  }

  build(): number[] {
    return this.#data;
  }
}
