/** Something of a CSV set that is remarked on, or not at all. */
export interface CsvWarning {
  readonly file: string;
  /** The line in the file, the header being line 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly reason: string;
}
