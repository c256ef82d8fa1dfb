/** Names of a CSS module's classes; one that is misspelt is undefined, which the checks below catch where it is used. */
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
