import { describe, expect, test } from 'vitest';
import { getAt, setAt, textsAt } from './json-at.ts';

describe('a choice in settings', () => {
  test('is put at its path, with the objects around it, and leaves all else as it is', () => {
    const before = { holdHours: 5, merge: { default: 'manual' } };
    expect(setAt(before, ['entityTypes', 'user', 'merge', 'default'], 'resolveOurs')).toEqual({
      ...before,
      entityTypes: { user: { merge: { default: 'resolveOurs' } } },
    });
    expect(before).toEqual({ holdHours: 5, merge: { default: 'manual' } });
  });

  test('that is taken back takes with it what is empty then, and nothing that is not', () => {
    const chosen = {
      entityTypes: {
        user: { merge: { default: 'manual' }, references: 'ignore' },
        org: { merge: { default: 'manual' } },
      },
    };
    const without = setAt(chosen, ['entityTypes', 'org', 'merge', 'default'], undefined);
    expect(without).toEqual({
      entityTypes: { user: { merge: { default: 'manual' }, references: 'ignore' } },
    });
    expect(setAt(without, ['entityTypes', 'user', 'merge', 'default'], undefined)).toEqual({
      entityTypes: { user: { references: 'ignore' } },
    });
    expect(setAt({ a: { b: 1 } }, ['a', 'b'], undefined)).toEqual({});
    expect(setAt({}, ['a', 'b'], undefined)).toEqual({});
  });

  test('is found where it is, and nothing is found in names that every object has', () => {
    expect(getAt({ a: { b: false } }, ['a', 'b'])).toBe(false);
    expect(getAt({ a: 1 }, ['a', 'b'])).toBeUndefined();
    expect(getAt({}, ['constructor'])).toBeUndefined();
    expect(textsAt({ a: ['x', 1, 'y'] }, ['a'])).toEqual(['x', 'y']);
  });
});
