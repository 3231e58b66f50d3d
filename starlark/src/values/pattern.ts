/** A pattern that is compiled when it is first used: those that name Unicode classes take longer than most programs run. */
export class Pattern {
  private compiled: RegExp | undefined;

  constructor(
    private readonly source: string,
    private readonly flags = "u",
  ) {}

  get regExp(): RegExp {
    this.compiled ??= new RegExp(this.source, this.flags);
    return this.compiled;
  }

  test(text: string): boolean {
    return this.regExp.test(text);
  }
}
