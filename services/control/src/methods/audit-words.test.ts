import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { expect, test } from 'vitest';
import { describeAction } from './audit-words.ts';

const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
const box = { integrationId: 'sis', entityType: 'category', recordId: 'b1' };
const fieldsAt = (...pointers: string[]) => ({ fields: pointers.map((pointer) => ({ pointer, before: 1 })) });

test.each<[string, JsonObject, JsonObject, string]>([
  ['settings.put.v1', { integrationId: 'sis' }, fieldsAt('/a', '/b'), 'changed the settings of sis (/a, /b)'],
  [
    'settings.put.v2',
    { integrationId: 'sis' },
    fieldsAt('/a', '/b', '/c', '/d'),
    'changed the settings of sis (4 fields)',
  ],
  [
    'integrations.put.v1',
    { integrationId: 'sis' },
    fieldsAt('/state'),
    'changed the integration sis (/state)',
  ],
  [
    'conflicts.resolve.v1',
    box,
    { pointer: '/title', choice: 'ours', reason: null },
    'decided /title of category b1: ours',
  ],
  [
    'conflicts.resolve.v1',
    box,
    { pointer: '', choice: { value: { title: 'x' } }, reason: 'as agreed' },
    'decided the whole of category b1: the value {"title":"x"}, because: as agreed',
  ],
  ['records.put.v1', box, { action: 'create', version: 1 }, 'created category b1'],
  ['records.delete.v1', box, { action: 'delete', version: 2 }, 'deleted category b1'],
  [
    'runs.start.v1',
    { integrationId: 'sis', runId },
    { family: 'grades', dryRun: true, full: false },
    'started a dry run of the grades of sis',
  ],
  [
    'runs.reject.v1',
    { integrationId: 'sis', runId },
    { heldSince: null, reason: 'too many' },
    'rejected the held run 8f14e45f of sis, because: too many',
  ],
  ['runs.revert.v1', { integrationId: 'sis', runId }, {}, 'took back the run 8f14e45f of sis'],
  ['keys.rotate.v1', { integrationId: 'sis' }, { keyVersion: 2 }, 'made a new data key for sis'],
  ['what.is.new.v1', {}, {}, 'called what.is.new.v1'],
  [
    'deadLetters.discard.v1',
    { kind: 'task', queue: 'night' },
    {},
    'discarded a dead letter of the queue night',
  ],
  // What a vendor may have called a record.
  ['records.put.v1', { ...box, recordId: 'b\u202e1\u001b[2J' }, {}, 'changed category b\ufffd1\ufffd[2J'],
])('%s of %j with %j is said so: %s', (action, target, detail, words) => {
  expect(describeAction({ action, target, detail })).toBe(words);
});
