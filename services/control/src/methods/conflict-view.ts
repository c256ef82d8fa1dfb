import { Json } from '@flotilla/substrate/methods';
import {
  type ConflictState,
  conflictStates,
  type Store,
  type StoredConflict,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import { callRecords } from './call-records.ts';

const Moment = z.iso.datetime();

const DecisionView = z.strictObject({
  choice: z
    .union([z.enum(['ours', 'theirs']), z.strictObject({ value: Json })])
    .describe('Whose state holds, absence included, or which value'),
  reason: z.string().nullable(),
  decidedBy: z.string(),
  decidedAt: Moment,
});

export const ConflictView = z.strictObject({
  conflictId: z.string().describe('Follows from the record, the field and what both sides have there'),
  integrationId: z.string(),
  entityType: z.string(),
  recordId: z.string(),
  name: z
    .string()
    .nullable()
    .describe(
      'What people call the record now: its name, or of one that has none the names of those it joins, such as `Quiz 3 · Ada Bee`; null: it has neither, or is gone',
    ),
  pointer: z
    .string()
    .describe(
      'JSON Pointer of the field; an element of a keyed list goes by its key. Empty: the record itself',
    ),
  kind: z.enum(['modify/modify', 'delete/modify', 'add/add']),
  sides: z
    .strictObject({ base: Json.optional(), ours: Json.optional(), theirs: Json.optional() })
    .describe('What each side has there; a side that is left out has no such field, or no such record'),
  inputs: z.string().describe('Digest of the sides: a decision names it, and holds for these and no others'),
  rule: z.string().describe('Why it was left to a person'),
  state: z
    .enum(conflictStates)
    .describe(
      '`open` waits for a person, `decided` for the next merge; `resolved`: a merge has followed the decision; `obsolete`: the sides have changed since',
    ),
  decision: DecisionView.nullable(),
  foundBy: z.string().describe('The run that found it first'),
  foundAt: Moment,
  endedBy: z.string().nullable().describe('The run, or the edit, that ended it'),
  endedAt: Moment.nullable(),
  version: z.int().describe('One more with each change of the conflict'),
});

/** Conflicts of one customer, with the names of their records. */
export async function viewConflicts(
  store: Store,
  conflicts: readonly StoredConflict[],
): Promise<z.input<typeof ConflictView>[]> {
  const nameOf = await callRecords(store, conflicts);
  return conflicts.map((conflict) => viewConflict(conflict, nameOf(conflict)));
}

function viewConflict(conflict: StoredConflict, name: string | null): z.input<typeof ConflictView> {
  const { conflictId, integrationId, entityType, recordId, pointer, sides, inputs, rule } = conflict;
  return {
    conflictId,
    integrationId,
    entityType,
    recordId,
    name,
    pointer,
    kind: conflict.kind as z.input<typeof ConflictView>['kind'],
    sides,
    inputs,
    rule,
    state: conflict.state as ConflictState,
    decision: conflict.decision,
    foundBy: conflict.runId,
    foundAt: conflict.foundAt,
    endedBy: conflict.endedByRunId,
    endedAt: conflict.endedAt,
    version: conflict.version,
  };
}
