import { describe, expect, test } from 'vitest';
import { IntegrationSettings } from '../settings/integration-settings.ts';
import { foretellDecision } from './foretell-decision.ts';

const twoWay = IntegrationSettings.parse({ writeBack: ['user'] });
const sides = { base: 1, ours: 2, theirs: 3 };
const stays = (value?: number) => ({
  outcome: 'stays',
  ...(value === undefined ? {} : { before: value, after: value }),
  kept: null,
});

describe('what a decision will do', () => {
  test.each([
    ['ours', stays(2), { outcome: 'changes', before: 3, after: 2, kept: null }],
    ['theirs', { outcome: 'changes', before: 2, after: 3, kept: null }, stays(3)],
    [
      { value: null },
      { outcome: 'changes', before: 2, after: null, kept: null },
      { outcome: 'changes', before: 3, after: null, kept: null },
    ],
  ] as const)('is told of either side for %j', (choice, ours, theirs) => {
    expect(foretellDecision({ entityType: 'user', sides, choice }, twoWay)).toEqual({ ours, theirs });
  });

  test('is that a value goes or comes where one side has none', () => {
    const field = { entityType: 'user', sides: { base: 1, theirs: 3 } };
    expect(foretellDecision({ ...field, choice: 'ours' }, twoWay)).toEqual({
      ours: stays(),
      theirs: { outcome: 'removed', before: 3, kept: null },
    });
    expect(foretellDecision({ ...field, choice: 'theirs' }, twoWay)).toEqual({
      ours: { outcome: 'appears', after: 3, kept: null },
      theirs: stays(3),
    });
  });

  test.each([
    [{ writeBack: ['org'] }, 'ours', 'theirs', '/writeBack', 'user is not written back'],
    [
      { writeBack: ['user'], steps: { push: false } },
      'ours',
      'theirs',
      '/steps/push',
      'nothing is written to the vendor',
    ],
    [{ steps: { pull: false } }, 'theirs', 'ours', '/steps/pull', 'nothing is taken over from the vendor'],
    [{ steps: { persist: false } }, 'theirs', 'ours', '/steps/persist', 'nothing is stored'],
    [{ disabledEntityTypes: ['user'] }, 'theirs', 'ours', '/disabledEntityTypes', 'user is not synced'],
  ] as const)('is nothing where settings say so: %j', (chosen, choice, side, setting, message) => {
    const settings = IntegrationSettings.parse(chosen);
    const value = sides[side];
    expect(foretellDecision({ entityType: 'user', sides, choice }, settings)[side]).toEqual({
      outcome: 'stays',
      before: value,
      after: value,
      kept: { setting, message },
    });
  });

  test('names no setting where the side has the value already, in whatever order its members stand', () => {
    const field = { entityType: 'user', sides: { ours: { a: 1, b: 2 }, theirs: { c: 3 } } };
    const { ours } = foretellDecision(
      { ...field, choice: { value: { b: 2, a: 1 } } },
      IntegrationSettings.parse({ steps: { persist: false } }),
    );
    expect(ours).toEqual({ outcome: 'stays', before: { a: 1, b: 2 }, after: { a: 1, b: 2 }, kept: null });
  });
});
