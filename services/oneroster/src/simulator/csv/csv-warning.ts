/** Something in a CSV set that deserves a remark: it is read all the same, served as it is, or not served. */
export interface CsvWarning {
  readonly file: string;
  /** The line in the file, the header being line 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly reason: string;
}
