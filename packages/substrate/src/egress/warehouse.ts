import type { JsonObject } from '../json/json-value.ts';
import type { Change, IntegrationKey } from './change.ts';

/**
 * Where analysts query. Per entity type, in snake_case (`line_item`):
 *
 * - `line_item_changes_raw`: the landing table, one row per delivery; may hold a change twice.
 * - `line_item_changes`: a view, exactly one row per change.
 * - `line_item_current`: a view, exactly one row per (customer, integration, id) that is not deleted, the latest by sequence, with a
 *   typed column per canonical field read from `after`.
 *
 * The views hold under any duplicate, delay and reorder of what is appended.
 */
export interface Warehouse {
  /** Creates tables and views, or brings the views up to date with new fields; nothing is ever dropped. Call before the first append. */
  ensureTables(entityTypes: readonly WarehouseEntityType[]): Promise<void>;
  /**
   * Durable when resolved. When it fails, some of the rows may have landed where many take several requests (BigQuery): appended again,
   * they are in the views once. Every change must be of `entityType`. Fails with `not_found` for an entity type that has no table,
   * `unavailable` when the warehouse does not take it now, `too_large` and `invalid_params` for a change that it never takes.
   */
  append(entityType: string, changes: readonly Change[]): Promise<void>;
  /**
   * Runs one read-only statement in the warehouse's own dialect. Fails with `invalid_params` for anything that is not one SELECT or WITH
   * (the embedded warehouse has DESCRIBE and SHOW too), for wrong SQL (its message is in `data.reason`), and when it takes longer than
   * `timeoutMs`.
   */
  query(sql: string, options: WarehouseQueryOptions): Promise<WarehouseRows>;
  /** What has landed of one integration, over all entity types. */
  progress(integration: IntegrationKey): Promise<WarehouseProgress>;
  close(): Promise<void>;
}

/** `date` and `timestamp` are read from RFC 3339 text; `json` is for lists and objects. A value that does not fit its type is null. */
export type WarehouseFieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'json';

export interface WarehouseField {
  /** As in the record, camelCase: `givenName` becomes the column `given_name`. */
  readonly name: string;
  readonly type: WarehouseFieldType;
}

export interface WarehouseEntityType {
  readonly entityType: string;
  readonly fields: readonly WarehouseField[];
}

export interface WarehouseQueryOptions {
  readonly maxRows: number;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

export interface WarehouseRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Plain JSON by column name: integers beyond 2^53, decimals, dates and times are text, JSON columns are values. */
  readonly rows: readonly JsonObject[];
  /** True when there were more rows than `maxRows`. */
  readonly truncated: boolean;
}

export interface WarehouseProgress {
  /** 0 when nothing has landed. */
  readonly highestSequence: number;
  /** Distinct changes landed. Equal to `highestSequence` exactly when none is missing, for sequences start at 1 without gaps. */
  readonly changes: number;
}
