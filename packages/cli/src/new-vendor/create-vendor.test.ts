import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVendor } from './create-vendor.ts';

const style = { auth: 'basic', paging: 'cursor' } as const;
let services: string;

beforeEach(() => {
  services = mkdtempSync(join(tmpdir(), 'flotilla-create-vendor-'));
});
afterEach(() => rmSync(services, { recursive: true, force: true }));

describe('a new vendor', () => {
  test('is named after its id, everywhere', () => {
    const { names } = createVendor(services, { ...style, id: 'acme-sis-2' });
    const read = (path: string) => readFileSync(join(services, 'acme-sis-2', path), 'utf8');

    expect(names).toEqual({ id: 'acme-sis-2', constant: 'acmeSis2', type: 'AcmeSis2', title: 'Acme Sis 2' });
    expect(read('src/vendor.ts')).toContain("export const acmeSis2 = defineVendor({\n  id: 'acme-sis-2',");
    expect(read('src/simulator.ts')).toContain('createAcmeSis2Simulator');
    expect(read('README.md')).toMatch(/^# Acme Sis 2\n/);
    expect(JSON.parse(read('package.json'))).toMatchObject({
      name: '@flotilla/service-acme-sis-2',
      description: 'Rosters from Acme Sis 2.',
    });
  });

  test('can have a title of its own, whatever signs it has', () => {
    createVendor(services, { ...style, id: 'acme', title: 'ACME $& SIS' });

    expect(readFileSync(join(services, 'acme/src/vendor.ts'), 'utf8')).toContain("title: 'ACME $& SIS'");
  });

  test('has the files of its styles in place of the template’s', () => {
    createVendor(services, { ...style, id: 'acme' });
    const read = (path: string) => readFileSync(join(services, 'acme/src', path), 'utf8');

    expect(read('sign-in.ts')).toContain("kind: 'basic'");
    expect(read('paging.ts')).toContain("kind: 'bodyLink'");
  });

  test.each([
    'Acme',
    'acme_sis',
    'acme--sis',
    '-acme',
    '1acme',
    'acme/sis',
    '..',
    '',
    'a'.repeat(41),
    // Words of the language, and such as the code has for something else.
    'class',
    'new',
    'api',
    'orgs',
    'define-vendor',
    'district',
  ])('is refused under the name "%s", and nothing is written', (id) => {
    expect(() => createVendor(services, { ...style, id })).toThrow('A vendor cannot be called so');
    expect(readdirSync(services)).toEqual([]);
  });

  test('is refused with a title that would end the text in which it stands', () => {
    expect(() => createVendor(services, { ...style, id: 'acme', title: "Teacher's" })).toThrow(
      'cannot be called so',
    );
  });

  test('leaves a folder alone that is there', () => {
    createVendor(services, { ...style, id: 'acme' });

    expect(() => createVendor(services, { ...style, id: 'acme', auth: 'oauth1' })).toThrow(
      'There is a folder of this name',
    );
    expect(readFileSync(join(services, 'acme/src/sign-in.ts'), 'utf8')).toContain("kind: 'basic'");
  });
});
