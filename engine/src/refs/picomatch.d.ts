declare module "picomatch" {
  interface Options {
    dot?: boolean;
    nobracket?: boolean;
    noext?: boolean;
    noextglob?: boolean;
    nonegate?: boolean;
    keepQuotes?: boolean;
    regex?: boolean;
    strictBrackets?: boolean;
    windows?: boolean;
  }
  function picomatch(glob: string, options?: Options): (text: string) => boolean;
  export default picomatch;
}
