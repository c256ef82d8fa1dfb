import { expect, test } from 'vitest';
import { findNearest } from './find-nearest.ts';

const methods = [
  'rosters.sync.v1',
  'rosters.sync.v2',
  'grades.sync.v1',
  'runs.get.v1',
  'connection.check.v1',
];

test.each([
  ['roster.sync.v1', 'rosters.sync.v1'],
  ['rosters.sync.v3', 'rosters.sync.v1'],
  ['Grades.Sync.V1', 'grades.sync.v1'],
  ['runs.gte.v1', 'runs.get.v1'],
  ['connection.chek.v1', 'connection.check.v1'],
  ['foobar', undefined],
  ['', undefined],
  ['delete.everything.v1', undefined],
])('what is nearest to %j is %j', (name, nearest) => {
  expect(findNearest(name, methods)).toBe(nearest);
});

test('the nearest one is found wherever it stands', () => {
  expect(findNearest('abcdef', ['abcdxy', 'abcdez'])).toBe('abcdez');
  expect(findNearest('abcdef', ['abcdez', 'abcdxy'])).toBe('abcdez');
});
