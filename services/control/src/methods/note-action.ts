import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Call } from '@flotilla/substrate/rpc';
import { insertAuditEntry, type StoreTransaction } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';

/** What somebody did, for the audit trail. No secrets. */
export interface NotedAction {
  readonly customerId: string;
  /** The method, by its wire name. */
  readonly action: string;
  /** What it was done to: `{integrationId, runId, entityType, recordId, conflictId}`, as far as it applies. */
  readonly target: JsonObject;
  readonly detail: JsonObject;
  /** Left out: a new one. */
  readonly entryId?: string;
}

/** Buffers an audit entry into the commit of what it tells of: neither is there without the other. */
export function noteAction(
  { caller, context }: Pick<Call<Control>, 'caller' | 'context'>,
  transaction: StoreTransaction,
  { entryId = randomUUID(), ...action }: NotedAction,
): void {
  const at = new Date(context.clock.now()).toISOString();
  insertAuditEntry(transaction, { ...action, entryId, at, actor: caller.name.slice(0, 320) });
}
