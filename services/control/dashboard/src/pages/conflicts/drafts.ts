import { useSyncExternalStore } from 'react';
import { type Choice, type Conflict, mostDecisions } from './conflict.ts';

/** A choice that is made on the page and not sent yet. */
export interface Draft {
  readonly conflict: Conflict;
  readonly choice: Choice;
}
export type Drafts = ReadonlyMap<string, Draft>;

/** In memory only, since they hold a school's data: whoever looks at a record in between finds them again, whoever closes the tab does not. */
const none: Drafts = new Map();
const draftsByCustomer = new Map<string, Drafts>();
const listeners = new Set<() => void>();

export function useDrafts(customerId: string): Drafts {
  return useSyncExternalStore(subscribe, () => draftsByCustomer.get(customerId) ?? none);
}

/** False where there would be more than one call decides: then nothing is chosen. */
export function choose(customerId: string, conflicts: readonly Conflict[], choice: Choice): boolean {
  const next = new Map(draftsByCustomer.get(customerId));
  for (const conflict of conflicts) next.set(conflict.conflictId, { conflict, choice });
  if (next.size > mostDecisions) return false;
  setDrafts(customerId, next);
  return true;
}

export function forget(customerId: string, conflictIds: Iterable<string>): void {
  const next = new Map(draftsByCustomer.get(customerId));
  for (const id of conflictIds) next.delete(id);
  setDrafts(customerId, next);
}

function setDrafts(customerId: string, drafts: Drafts): void {
  draftsByCustomer.set(customerId, drafts);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
