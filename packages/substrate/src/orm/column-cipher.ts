/** Pure. Seals and opens encrypted columns. What it does with keys is its own affair; the ORM passes it the row that a value belongs to. */
export interface ColumnCipher {
  seal(plain: Uint8Array, context: CipherContext): Promise<Uint8Array>;
  /** Fails where the bytes were changed, cut, or sealed for another context. */
  open(sealed: Uint8Array, context: CipherContext): Promise<Uint8Array>;
}

/** Where a sealed value stands: bytes moved to another table, column or row must not open. */
export interface CipherContext {
  readonly table: string;
  readonly column: string;
  /** The values of the columns that the encrypted column is bound to (`boundTo`). */
  readonly row: Readonly<Record<string, unknown>>;
}
