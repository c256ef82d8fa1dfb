/**
 * Pure. One numbered, named step of the schema's history. Once released it never changes: its digest is stored, and a database refuses
 * to go on when a migration that it has applied reads differently or is missing.
 */
export interface Migration {
  /** 1, 2, 3, ... without a gap. */
  readonly number: number;
  readonly name: string;
  readonly up: readonly MigrationStep[];
}

/** A step carries its finished DDL statements for both databases. */
export interface MigrationStep {
  readonly spanner: readonly string[];
  readonly sqlite: readonly string[];
}
