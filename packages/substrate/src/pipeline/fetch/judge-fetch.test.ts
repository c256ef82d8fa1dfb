import { describe, expect, test } from 'vitest';
import type { EndMarker } from '../../http/paging.ts';
import { type FetchEvidence, judgeFetch } from './judge-fetch.ts';

/** How a list says that it has ended. */
const ended: Pick<FetchEvidence, 'endMarker'> = { endMarker: 'short-page' as EndMarker };

describe('a fetch', () => {
  test.each<[string, FetchEvidence, boolean]>([
    [
      'all that was announced',
      { ...ended, distinct: 5, unidentified: 0, list: { listed: 5, unlisted: 0, total: 5 } },
      true,
    ],
    ['all, where no size was announced', { ...ended, distinct: 5, unidentified: 0 }, true],
    [
      'more than was announced',
      { ...ended, distinct: 6, unidentified: 0, list: { listed: 6, unlisted: 0, total: 5 } },
      true,
    ],
    [
      'nothing, as was announced, where nothing is stored',
      { ...ended, distinct: 0, unidentified: 0, list: { listed: 0, unlisted: 0, total: 0 } },
      false,
    ],
    ['nothing, where nothing is stored', { ...ended, distinct: 0, unidentified: 0 }, false],
    [
      'a steady list',
      {
        ...ended,
        distinct: 5,
        unidentified: 0,
        list: { listed: 5, unlisted: 0, total: 5 },
        isUnsteady: false,
      },
      true,
    ],
  ])('of %s is complete', (_name, evidence, hasStored) => {
    expect(judgeFetch('user', evidence, hasStored)).toEqual({ kind: 'complete' });
  });

  test.each<[string, FetchEvidence, object]>([
    [
      'fewer than were announced',
      { ...ended, distinct: 4, unidentified: 0, list: { listed: 4, unlisted: 0, total: 5 } },
      { received: 4, announced: 5 },
    ],
    ['a list without an end', { distinct: 5, unidentified: 0 }, { received: 5 }],
    [
      'a list without an end, though the count is right',
      { distinct: 5, unidentified: 0, list: { listed: 5, unlisted: 0, total: 5 } },
      { received: 5 },
    ],
    [
      'a list that changed while it was read',
      {
        ...ended,
        distinct: 5,
        unidentified: 0,
        list: { listed: 5, unlisted: 0, total: 5 },
        isUnsteady: true,
      },
      {},
    ],
    [
      'records without an id',
      { ...ended, distinct: 4, unidentified: 1, list: { listed: 4, unlisted: 1, total: 5 } },
      { unidentified: 1 },
    ],
    [
      'nothing but records without an id',
      { ...ended, distinct: 0, unidentified: 3 },
      { unidentified: 3, received: 0 },
    ],
    [
      'too few and some of them without an id',
      { ...ended, distinct: 3, unidentified: 1, list: { listed: 3, unlisted: 1, total: 5 } },
      { announced: 5 },
    ],
    [
      'nothing at all of what was announced',
      { ...ended, distinct: 0, unidentified: 0, list: { listed: 0, unlisted: 0, total: 5 } },
      { received: 0 },
    ],
  ])('of %s is incomplete: it cannot be told what is gone', (_name, evidence, data) => {
    expect(judgeFetch('user', evidence, false)).toMatchObject({
      kind: 'incomplete',
      failure: { code: 'incomplete_fetch', data: { entityType: 'user', ...data } },
    });
  });

  test.each<[string, FetchEvidence]>([
    [
      'announces nothing',
      { ...ended, distinct: 0, unidentified: 0, list: { listed: 0, unlisted: 0, total: 0 } },
    ],
    ['says nothing', { ...ended, distinct: 0, unidentified: 0 }],
    [
      'announces something and sends nothing',
      { ...ended, distinct: 0, unidentified: 0, list: { listed: 0, unlisted: 0, total: 5 } },
    ],
    ['does not even end', { distinct: 0, unidentified: 0 }],
    ['is unsteady', { ...ended, distinct: 0, unidentified: 0, isUnsteady: true }],
  ])(
    'of an empty list that %s is unsound where records are stored: a school is not emptied overnight',
    (_name, evidence) => {
      expect(judgeFetch('user', evidence, true)).toMatchObject({
        kind: 'unsound',
        failure: { code: 'verification_failed', data: { entityType: 'user', received: 0 } },
      });
    },
  );

  test('says nothing of a size that the vendor did not announce', () => {
    const verdict = judgeFetch('user', { distinct: 5, unidentified: 0 }, true);
    expect(verdict).toMatchObject({ kind: 'incomplete' });
    expect(verdict.kind === 'complete' ? {} : verdict.failure.data).not.toHaveProperty('announced');
  });
});
