import { describe, expect, test } from 'vitest';
import { compileSettings } from '../../merge/merge-rules.ts';
import { addEffects, type Effect, undoEffect } from './effect.ts';

const rules = compileSettings({ lists: { '/roles': { key: ['org'] } }, volatile: ['/seen'] }).shared;
const undo = (ours: Parameters<typeof undoEffect>[0], effect: Omit<Effect, 'sequence'>) =>
  undoEffect(ours, { ...effect, sequence: 1 }, ['name', 'mail'], rules);

describe('undoing what a run did to a record', () => {
  const change = { before: { name: 'Old' }, after: { name: 'New', mail: 'a@b' } };

  test('gives what there was before, and nothing for what was created', () => {
    expect(undo({ name: 'New', mail: 'a@b' }, { change }).result).toEqual({ name: 'Old' });
    expect(undo({ name: 'A' }, { change: { before: null, after: { name: 'A' } } })).toMatchObject({
      isHeld: false,
      result: undefined,
    });
    expect(undo(undefined, { change: { before: { name: 'A' }, after: null } }).result).toEqual({ name: 'A' });
  });

  test('keeps what others changed in other fields since', () => {
    expect(undo({ name: 'New', mail: 'a@b', city: 'Oak' }, { change }).result).toEqual({
      name: 'Old',
      city: 'Oak',
    });
  });

  test('is a conflict where others changed the same field since', () => {
    const { isHeld, conflicts } = undo({ name: 'Newer', mail: 'a@b' }, { change });
    expect([isHeld, conflicts.map(({ pointer }) => pointer)]).toEqual([true, ['/name']]);
  });

  test('is a conflict of the whole record where it was deleted since, or edited after it was created', () => {
    expect(undo(undefined, { change }).conflicts.map(({ pointer }) => pointer)).toEqual(['']);
    const created = { before: null, after: { name: 'A' } };
    expect(undo({ name: 'B' }, { change: created }).conflicts.map(({ pointer }) => pointer)).toEqual(['']);
  });

  test('once more changes nothing', () => {
    expect(undo({ name: 'Old' }, { change })).toMatchObject({ isHeld: false, result: { name: 'Old' } });
    expect(undo(undefined, { change: { before: null, after: { name: 'A' } } }).isHeld).toBe(false);
  });

  test('takes elements of keyed lists back one by one', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((org) => ({ org, role: 'student' }));
    const roles = { before: { roles: [a, b] }, after: { roles: [a] } } as unknown as NonNullable<
      Effect['change']
    >;
    const { isHeld, result } = undo({ roles: [a, c] } as never, { change: roles });
    expect(isHeld).toBe(false);
    expect(new Set(result?.roles as unknown[])).toEqual(new Set([a, b, c]));
  });

  test('minds no volatile member', () => {
    const seen = { before: { name: 'Old', seen: 1 }, after: { name: 'New', seen: 2 } };
    expect(undo({ name: 'New', seen: 3 }, { change: seen })).toMatchObject({
      isHeld: false,
      result: { name: 'Old' },
    });
  });
});

describe('undoing what a run wrote to the vendor', () => {
  test('takes our edit back where it went there, and leaves what does not go there', () => {
    const push = {
      action: 'update',
      before: { name: 'Old' },
      after: { name: 'New', note: 'ours' },
      ours: { name: 'New', note: 'ours' },
    };
    expect(undo({ name: 'New', note: 'ours' }, { push }).result).toEqual({ name: 'Old', note: 'ours' });
  });

  test('takes back what it took over with it', () => {
    const after = { name: 'New', mail: 'a@b' };
    const change = { before: { name: 'New' }, after };
    const push = { action: 'update', before: { name: 'Old', mail: 'a@b' }, after, ours: { name: 'New' } };
    expect(undo(after, { change, push }).result).toEqual({ name: 'Old' });
  });

  test('of a record that was deleted there is that record', () => {
    const push = { action: 'delete', before: { name: 'Old' }, after: null, ours: null };
    expect(undo(undefined, { push }).result).toEqual({ name: 'Old' });
  });
});

describe('several changes of one record in a run', () => {
  test('count from before the first to after the last, with the write between them', () => {
    const first: Effect = { change: { before: null, after: { name: 'A' } }, sequence: 3 };
    const then: Effect = { change: { before: { name: 'A' }, after: { name: 'A', id: 1 } }, sequence: 7 };
    const push = { action: 'create', before: null, after: { name: 'A' }, ours: { name: 'A' } };
    const whole = addEffects(addEffects(addEffects(undefined, first), then), { push, sequence: 0 });
    expect(whole).toEqual({ change: { before: null, after: { name: 'A', id: 1 } }, push, sequence: 7 });
  });
});
