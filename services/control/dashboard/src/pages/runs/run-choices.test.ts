import { expect, test } from 'vitest';
import { contextOf, inTrouble, statesOf } from './run-choices.ts';

test('An address that names states asks for those that there are, and for all where it names none of them', () => {
  expect(statesOf(inTrouble)).toEqual(['held', 'partial', 'failed']);
  expect(statesOf('failed,<script>')).toEqual(['failed']);
  expect(statesOf('nonsense')).toBeUndefined();
  expect(statesOf(undefined)).toBeUndefined();
});

test('An address that names a context which there is not asks for all', () => {
  expect(contextOf('nightly')).toBe('nightly');
  expect(contextOf('weekly')).toBeUndefined();
});
