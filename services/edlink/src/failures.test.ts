import type { VendorAnswer } from '@flotilla/substrate/vendor';
import { describe, expect, test } from 'vitest';
import { failureIn } from './failures.ts';
import { openSchool } from './school.fixture.ts';

function answer(purpose: VendorAnswer['purpose'], ...codes: readonly string[]): VendorAnswer {
  const $errors = codes.map((code) => ({ code, message: 'Said in words' }));
  return { purpose, status: 400, headers: {}, json: { $errors }, text: '' };
}

describe('what a 400 means', () => {
  test.each([
    ['INVALID_TOKEN', 'credentials_rejected', 'credentials_rejected'],
    ['EXPIRED_TOKEN', 'credentials_rejected', 'credentials_rejected'],
    ['INVALID_INTEGRATION_STATE', 'credentials_rejected', 'credentials_rejected'],
    ['INTERNAL', 'vendor_unavailable', 'vendor_unavailable'],
    ['NOT_FOUND', 'not_found', 'not_found'],
    ['UNSUPPORTED_OPERATION', 'not_found', undefined],
    ['NO_PERMISSION', 'not_found', undefined],
    ['ENTITY_NOT_PRESENT_IN_SOURCE', 'not_found', undefined],
    ['MISSING_REQUIRED_FIELD', undefined, undefined],
    ['INVALID_PAGE_SIZE', undefined, undefined],
  ])('%s: %s of a read, %s of a write', (code, ofRead, ofWrite) => {
    expect(failureIn(answer('list', code))).toBe(ofRead);
    expect(failureIn(answer('read', code))).toBe(ofRead);
    expect(failureIn(answer('write', code))).toBe(ofWrite);
  });

  test('is what the first code says that we know, since one answer may have several', () => {
    expect(failureIn(answer('list', 'SOMETHING_NEW', 'INTERNAL'))).toBe('vendor_unavailable');
  });

  test('is asked of 400 alone: other statuses speak for themselves', () => {
    expect(failureIn({ ...answer('list', 'NOT_FOUND'), status: 401 })).toBeUndefined();
    expect(failureIn({ ...answer('list'), json: undefined })).toBeUndefined();
  });
});

describe('a school system behind Edlink', () => {
  /** As Edlink speaks for a system that cannot do it. */
  async function openWithout(isLacking: (path: string) => boolean, isSyncedBefore: boolean) {
    const { stage } = await openSchool();
    if (isSyncedBefore) await stage.sync();
    const before = await stage.stored();
    const words = { code: 'UNSUPPORTED_OPERATION', message: 'The provider does not support it.' };
    const body = new TextEncoder().encode(JSON.stringify({ $request: 'r', $errors: [words] }));
    stage.tap.tamper((response, { url }) =>
      isLacking(url.pathname) ? { ...response, status: 400, body } : response,
    );
    return { stage, before };
  }

  test('that has no gradebook is passed over: rosters come, and the run succeeds', async () => {
    const { stage } = await openWithout((path) => /\/(categories|assignments)$/.test(path), false);

    const { run, entityTypes } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get('category')).toMatchObject({ stage: 'skipped', failure: { code: 'not_found' } });
    expect(entityTypes.get('lineItem')).toMatchObject({ stage: 'skipped', failure: { code: 'not_found' } });
  });

  test('that shows the gradebook of one class no more loses nothing that is stored of it', async () => {
    let isFirst = true;
    let lacking = '';
    const { stage, before } = await openWithout((path) => {
      if (!path.endsWith('/assignments')) return false;
      if (isFirst) lacking = path;
      isFirst = false;
      return path === lacking;
    }, true);

    const { run, entityTypes } = await stage.sync();

    expect(run.state).toBe('partial');
    expect(entityTypes.get('lineItem')).toMatchObject({
      stage: 'done',
      counts: { deleted: 0 },
      failure: { code: 'incomplete_fetch' },
    });
    const kept = (await stage.stored()).map(({ recordId }) => recordId);
    expect(kept).toEqual(before.map(({ recordId }) => recordId));
  });
});
