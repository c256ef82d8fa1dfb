import { expect, test } from 'vitest';
import { sayRule } from './say-rule.ts';

test.each([
  ['theirs changed', 'toOurs', 'delete', "no longer in the vendor's list"],
  ['theirs changed', 'toOurs', 'create', "new in the vendor's list"],
  ['theirs changed', 'toOurs', 'update', 'theirs changed'],
  ['ours changed', 'toTheirs', 'delete', 'deleted here'],
  ['ours changed', 'toTheirs', 'create', 'new here'],
  ['theirs changed', 'toTheirs', 'delete', 'theirs changed'],
  ['decision', 'toOurs', 'delete', 'decision'],
] as const)('the rule %j of a record %s by %s is said as %j', (rule, direction, action, said) => {
  expect(sayRule(rule, direction, action)).toBe(said);
});
