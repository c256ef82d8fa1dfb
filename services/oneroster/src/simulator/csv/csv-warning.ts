/** Something of a CSV set that is not served as it stands, or not at all. */
export interface CsvWarning {
  readonly file: string;
  /** The line in the file, the header being line 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly reason: string;
}
