import { describe, expect, test } from 'vitest';
import { findPlaceFault, type KnownRecords } from './known-places.ts';

describe('a place that some record has', () => {
  test.each<[KnownRecords, string]>([
    ['user', '/email'],
    ['user', '/roles'],
    ['user', '/roles/*/orgSourcedId'],
    ['user', '/roles/0/orgSourcedId'],
    ['user', '/roles/["teacher","o1"]/beginDate'],
    ['user', '/*'],
    ['user', '/*/*'],
    ['user', '/grades/9'],
    ['user', '/metadata/anything/at/all'],
    ['user', ''],
    ['any', '/score'],
    ['any', '/email'],
  ])('of %s is %j', (known, pattern) => {
    expect(findPlaceFault(pattern, known)).toBeUndefined();
  });
});

describe('a place that no record has', () => {
  test.each<[KnownRecords, string, string]>([
    ['user', '/emial', 'no user has such a field; did you mean "/email"?'],
    ['user', '/roles/*/orgId', 'no user has such a field'],
    ['user', '/roles/*/rol', 'did you mean "/roles/*/role"?'],
    ['user', '/email/domain', 'no user has such a field'],
    ['user', '/grades/9/x', 'no user has such a field'],
    ['user', '/constructor', 'no user has such a field'],
    ['user', '/__proto__', 'no user has such a field'],
    ['org', '/email', 'no org has such a field'],
    ['any', '/constructor', 'no record of any entity type has such a field'],
    ['any', '/emial/*', 'did you mean "/email/*"?'],
  ])('of %s is %j, and the nearest is named', (known, pattern, words) => {
    expect(findPlaceFault(pattern, known)).toContain(words);
  });
});
