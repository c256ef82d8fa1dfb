import type { RecordedChange, Run, StoredConflict } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { listDeeds } from './record-deeds.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const change = { changedAt: at(9), rules: null } as RecordedChange;
const ofDecisions: RecordedChange = {
  ...change,
  rules: ['/title', '/weight'].map((pointer) => ({ pointer, rule: 'decision' })),
};
const run = { requestedBy: 'ana', requestedAt: at(5), reverts: null, decision: null } as Run;
const approved = {
  ...run,
  decision: { decision: 'approved', by: 'ben', at: at(7), reason: 'looked', exceeded: {} },
} as Run;

function decided(pointer: string, reason: string): StoredConflict {
  const decision = { choice: 'ours', decidedBy: 'cem', decidedAt: at(3), reason };
  return { pointer, decision } as StoredConflict;
}

describe('the people behind a change', () => {
  test.each<[string, RecordedChange, Run | undefined, StoredConflict[], string[]]>([
    ['a run that nobody asked for', change, { ...run, requestedBy: null }, [], []],
    ['one that is not there any more', change, undefined, [], []],
    ['an edit that a run took along', { ...change, actor: 'dee' }, run, [], ['dee edited']],
    ['a run that was asked for and approved', change, approved, [], ['ben approved', 'ana asked']],
    ['a run that took another one back', change, { ...run, reverts: 'r' }, [], ['ana reverted']],
    [
      'two fields decided in one call',
      ofDecisions,
      run,
      [decided('/title', 'why'), decided('/weight', 'why')],
      ['ana asked', 'cem decided'],
    ],
    [
      'a field that was decided otherwise than this one',
      ofDecisions,
      run,
      [decided('/status', 'why')],
      ['ana asked'],
    ],
  ])('of %s are told, the latest first', (_name, changed, by, conflicts, expected) => {
    expect(listDeeds(changed, by, conflicts).map(({ actor, did }) => `${actor} ${did}`)).toEqual(expected);
  });

  test('are told with their reasons', () => {
    expect(listDeeds(change, approved, [])[0]).toEqual({
      actor: 'ben',
      did: 'approved',
      at: at(7),
      reason: 'looked',
    });
  });
});
