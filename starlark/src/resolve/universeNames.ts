/** The names that the language itself gives to every file. A test compares them with the values they have. */
export const universeNames: ReadonlySet<string> = new Set(
  (
    "None True False abs all any bool bytes chr dict dir enumerate fail float getattr hasattr hash int len list max min " +
    "ord print range repr reversed set sorted str tuple type zip"
  ).split(" "),
);
