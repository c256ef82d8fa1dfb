import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CollectionName } from '../wire-fields.ts';
import { type CsvSet, loadCsvSet } from './load-csv-set.ts';

const clean = fileURLToPath(new URL('../../../fixtures/csv/clean-1p1', import.meta.url));
const dirty = fileURLToPath(new URL('../../../fixtures/csv/dirty-1p2', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

function record(set: CsvSet, collection: CollectionName, id: string) {
  return set.records[collection]?.find((one) => one.sourcedId === id);
}

function texts(set: CsvSet): readonly string[] {
  return set.warnings.map(
    ({ file, line, reason }) => `${line === undefined ? file : `${file}:${line}`}: ${reason}`,
  );
}

/** A copy of the clean set with some files changed; `undefined` deletes one. */
async function changed(name: string, files: Record<string, string | Buffer | undefined>): Promise<string> {
  const path = join(folder, name);
  await cp(clean, path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (content === undefined) await rm(join(path, file));
    else await writeFile(join(path, file), content);
  }
  return path;
}

describe('a clean set', () => {
  test('is served whole, without a warning', async () => {
    const set = await loadCsvSet(clean);

    expect(set.version).toBe('1.1');
    expect(set.warnings).toEqual([]);
    const counts = Object.fromEntries(
      Object.entries(set.records).map(([name, records]) => [name, records.length]),
    );
    expect(counts).toEqual({
      orgs: 2,
      academicSessions: 2,
      courses: 1,
      classes: 1,
      users: 3,
      enrollments: 2,
      demographics: 1,
      resources: 1,
      categories: 1,
      lineItems: 1,
      results: 1,
    });
  });

  test('has its cells as REST has them: truth as text, lists, pairs, numbers, references, metadata', async () => {
    const set = await loadCsvSet(clean);

    expect(record(set, 'users', 'u1')).toEqual({
      sourcedId: 'u1',
      status: 'active',
      dateLastModified: '2000-01-01T00:00:00.000Z',
      enabledUser: 'true',
      orgs: [{ sourcedId: 's1', type: 'org' }],
      role: 'student',
      username: 'ana.nunez',
      userIds: [
        { type: 'LDAP', identifier: '12' },
        { type: 'LTI', identifier: '15' },
      ],
      givenName: 'Ana',
      familyName: 'Núñez',
      identifier: '1001',
      email: 'ana@harbor.example',
      agents: [{ sourcedId: 'u3', type: 'user' }],
      grades: ['09'],
    });
    expect(record(set, 'classes', 'k1')).toMatchObject({
      grades: ['09', '10'],
      periods: ['1', '2'],
      terms: [{ sourcedId: 't1', type: 'academicSession' }],
      metadata: { bell: 'late' },
      resources: [{ sourcedId: 'r1', type: 'resource' }],
    });
    expect(record(set, 'courses', 'c1')).toMatchObject({
      title: 'Reading, Writing "and" Rhetoric',
      subjects: ['English', 'Latin'],
    });
    expect(record(set, 'results', 'm1')).toMatchObject({
      score: 87.5,
      scoreDate: '2025-09-09',
      comment: 'Clear, and brief',
    });
    expect(record(set, 'lineItems', 'l1')).toMatchObject({
      assignDate: '2025-09-01T00:00:00.000Z',
      resultValueMax: 100,
    });
    expect(record(set, 'orgs', 'd1')?.children).toEqual([{ sourcedId: 's1', type: 'org' }]);
  });

  test('of 1.1 is served as 1.2: role and orgs become roles, classes and schools are named where 1.2 wants them', async () => {
    const set = await loadCsvSet(clean, '1.2');

    expect(set.version).toBe('1.2');
    expect(record(set, 'users', 'u2')).toMatchObject({
      roles: [
        { roleType: 'primary', role: 'siteAdministrator', org: { sourcedId: 's1', type: 'org' } },
        { roleType: 'primary', role: 'districtAdministrator', org: { sourcedId: 'd1', type: 'org' } },
      ],
      primaryOrg: { sourcedId: 's1', type: 'org' },
    });
    expect(record(set, 'users', 'u2')).not.toHaveProperty('orgs');
    expect(record(set, 'lineItems', 'l1')?.school).toEqual({ sourcedId: 's1', type: 'org' });
    expect(record(set, 'results', 'm1')?.class).toEqual({ sourcedId: 'k1', type: 'class' });
    expect(set.warnings).toEqual([]);
  });

  test('is the same from a ZIP file', async () => {
    const path = join(folder, 'clean.zip');
    await writeFile(path, await zipOf(clean));

    expect(await loadCsvSet(path)).toEqual(await loadCsvSet(clean));
  });
});

describe('a dirty set', () => {
  test('serves its values as they are', async () => {
    const set = await loadCsvSet(dirty);

    expect(record(set, 'users', 'u1')).toMatchObject({
      dateLastModified: '1/05/2025',
      enabledUser: 'true',
      preferredFirstName: 'Bobo',
    });
    expect(record(set, 'users', 'u2')).toMatchObject({
      status: 'active',
      enabledUser: 'yes',
      userIds: [{ type: '', identifier: 'LDAP-7' }],
      familyName: 'O’Hara',
      roles: [{ role: 'teacher' }, { role: 'guardian' }],
      userProfiles: [
        { profileId: 'urn:oneroster:user-profile:p1', credentials: [{ type: 'login', username: 'mia' }] },
      ],
    });
    expect(record(set, 'users', 'u3')).toMatchObject({ status: 'Active', roles: [] });
    expect(record(set, 'academicSessions', 'q1')?.status).toBe('tobedeleted');
    expect(record(set, 'academicSessions', 't1')).toMatchObject({
      status: 'inactive',
      dateLastModified: '2025-03-01',
    });
    expect(record(set, 'classes', 'k1')?.classType).toBe('Scheduled');
    expect(record(set, 'enrollments', 'e2')?.beginDate).toBe('1/09/2024');
    expect(record(set, 'enrollments', 'e3')?.class).toEqual({ sourcedId: 'k"1', type: 'class' });
    expect(record(set, 'lineItems', 'l1')).toMatchObject({
      dueDate: '17/09/2024',
      resultValueMax: 'a hundred',
    });
  });

  test('names everything that it does not serve as it stands, by file and line', async () => {
    const warnings = texts(await loadCsvSet(dirty)).filter(
      (text) => !text.includes('wants blank in bulk files'),
    );

    expect(warnings.toSorted()).toEqual(
      [
        'Manifest.csv: Promises scoreScales as bulk, but there is no such file',
        'Users.CSV: Unknown columns, left out: shoeSize',
        'Users.CSV:1: The header spells dateLastModified as dataLastModified; read all the same',
        'Users.CSV:1: The header spells preferredFamilyName as prefferedFamilyName; read all the same',
        'Users.CSV:1: The header spells preferredGivenName as prefferedGivenName; read all the same',
        'Users.CSV:1: The header spells preferredMiddleName as prefferedMiddleName; read all the same',
        'classes.csv:3: The row has 6 cells, the header 14; the missing ones are blank',
        'classes.csv:4: The row has 16 cells, the header 14; left out: surplus, more',
        'classes.csv:5: The row has no sourcedId; it cannot be served',
        'classes.csv:6: sourcedId k1 stands in line 2 already; both are served',
        'demographics.csv: The manifest says nothing where bulk or delta would serve it; not served',
        'enrollments.csv:6: Not CSV, left out: a quote opens and is never closed: e5,active,2025-03-01T10:00:00.000Z,"k1,s1,u1,student,,,',
        'lunchMenu.csv: Not a file of this OneRoster version; not served',
        'notes.txt: Not a CSV file; not served',
        'results.csv: The manifest does not name it; not served',
        'roles.csv:1: The header ends in 2 unnamed columns, left out',
        'roles.csv:1: The header spells dateLastModified as dataLastModified; read all the same',
        'roles.csv:5: Marked tobedeleted, which REST can only say by leaving it out',
        'roles.csv:6: There is no user ghost; the row cannot be served',
      ].toSorted(),
    );
  });

  test('loses no row silently: each is served or named with its line', async () => {
    const set = await loadCsvSet(dirty);
    const served: readonly [string, number][] = [
      ['classes.csv', set.records.classes?.length ?? 0],
      ['Users.CSV', set.records.users?.length ?? 0],
      ['enrollments.csv', set.records.enrollments?.length ?? 0],
      ['academicSessions.csv', set.records.academicSessions?.length ?? 0],
    ];

    for (const [file, count] of served) {
      const rows = (await readFile(join(dirty, file), 'utf8')).trim().split('\n').length - 1;
      const lost = set.warnings.filter(
        (warning) => warning.file === file && /cannot be served|Not CSV/.test(warning.reason),
      );
      expect([file, count + lost.length]).toEqual([file, rows]);
      for (const warning of lost) expect(warning.line).toBeGreaterThan(1);
    }
  });

  test('of 1.2 is served as 1.1, and says what 1.1 cannot', async () => {
    const set = await loadCsvSet(dirty, '1.1');

    expect(record(set, 'users', 'u2')).toMatchObject({
      role: 'teacher',
      orgs: [{ sourcedId: 's1', type: 'org' }],
    });
    expect(record(set, 'users', 'u2')).not.toHaveProperty('roles');
    expect(record(set, 'users', 'u3')).toMatchObject({ orgs: [] });
    expect(texts(set)).toEqual(
      expect.arrayContaining(
        ['users.userProfiles', 'users.preferredFirstName', 'users.pronouns'].map(
          (name) => `Manifest.csv: OneRoster 1.1 has no ${name}; left out of every record`,
        ),
      ),
    );
  });
});

describe('what is no OneRoster set', () => {
  const header = 'propertyName,value\n';
  const refused: readonly [string, Record<string, string | Buffer | undefined>, object][] = [
    ['has no manifest', { 'manifest.csv': undefined }, { found: expect.arrayContaining(['users.csv']) }],
    [
      'has a manifest with another header',
      { 'manifest.csv': 'name,value\n' },
      { missing: ['propertyName'], found: ['name', 'value'] },
    ],
    ['names no version', { 'manifest.csv': header }, { found: '' }],
    ['names another version', { 'manifest.csv': `${header}oneroster.version,2.0\n` }, { found: '2.0' }],
    [
      'has a file with another header',
      { 'users.csv': 'id,name\n1,Ada\n' },
      {
        file: 'users.csv',
        found: ['id', 'name'],
        missing: expect.arrayContaining(['sourcedId', 'givenName']),
      },
    ],
    ['has an empty file', { 'users.csv': '' }, { file: 'users.csv', found: [] }],
  ];

  test.each(refused)('%s: a clear error', async (name, files, data) => {
    const path = await changed(name.replaceAll(' ', '-'), files);

    await expect(loadCsvSet(path)).rejects.toMatchObject({ code: 'invalid_params', data });
  });

  test('a path that leads nowhere, a file that is no ZIP, and a damaged one: each a clear error', async () => {
    const junk = join(folder, 'junk.zip');
    const damaged = join(folder, 'damaged.zip');
    const whole = await zipOf(clean);
    await writeFile(junk, 'not a zip file, whatever its name says');
    // The middle of the first entry's data.
    whole.fill(0xff, 60, 90);
    await writeFile(damaged, whole);

    await expect(loadCsvSet(join(folder, 'nowhere'))).rejects.toThrow('There is no such folder or ZIP file');
    await expect(loadCsvSet(junk)).rejects.toThrow('Not a ZIP file that can be read');
    await expect(loadCsvSet(damaged)).rejects.toThrow('The ZIP file is damaged');
  });

  test('a ZIP file that unpacks to too much is refused before it is unpacked', async () => {
    const bomb = join(folder, 'bomb.zip');
    await writeFile(bomb, zipOfFiles([['users.csv', Buffer.alloc(5_000_000)]]));
    const tight = { entries: 3, entryBytes: 1_000_000, totalBytes: 2_000_000 };

    await expect(loadCsvSet(bomb, undefined, tight)).rejects.toMatchObject({
      code: 'too_large',
      data: { entry: 'users.csv', entryBytes: 5_000_000 },
    });
    const many = join(folder, 'many.zip');
    await writeFile(many, zipOfFiles(['a', 'b', 'c', 'd'].map((name) => [`${name}.csv`, Buffer.from('x')])));
    await expect(loadCsvSet(many, undefined, tight)).rejects.toMatchObject({
      code: 'too_large',
      data: { entries: 4 },
    });
  });
});

describe('odd forms of a set', () => {
  test('a folder inside the ZIP file and another alphabet are read with a warning', async () => {
    const path = join(folder, 'nested.zip');
    const files = (await filesOf(clean)).map(([name, bytes]): [string, Buffer] => [`export/${name}`, bytes]);
    await writeFile(path, zipOfFiles(files));
    const latin = await changed('latin', {
      'orgs.csv': Buffer.from(
        'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\ns1,,,Escuela Núñez,school,1,',
        'latin1',
      ),
    });

    expect((await loadCsvSet(path)).records).toEqual((await loadCsvSet(clean)).records);
    expect(texts(await loadCsvSet(path))[0]).toContain('Stands in a folder inside the ZIP file');
    const set = await loadCsvSet(latin);
    expect(record(set, 'orgs', 's1')?.name).toBe('Escuela Núñez');
    expect(texts(set)).toEqual(['orgs.csv: Not UTF-8; read as Windows-1252']);
  });

  test('files whose rows are not served are named', async () => {
    const manifest = await readFile(join(dirty, 'Manifest.csv'), 'utf8');
    const path = join(folder, 'objectives');
    await cp(dirty, path, { recursive: true });
    await writeFile(
      join(path, 'Manifest.csv'),
      manifest.replace('file.lineItemScoreScales,absent', 'file.lineItemScoreScales,bulk'),
    );
    await writeFile(join(path, 'lineItemScoreScales.csv'), 'sourcedId\nx\n');

    expect(texts(await loadCsvSet(path))).toContain(
      'lineItemScoreScales.csv: This simulator does not serve the rows of such files',
    );
  });
});

async function filesOf(path: string): Promise<[string, Buffer][]> {
  const names = await readdir(path);
  return Promise.all(
    names.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(path, name))]),
  );
}

async function zipOf(path: string): Promise<Buffer> {
  return zipOfFiles(await filesOf(path));
}

/** The smallest ZIP writer: local headers, central directory, its end. */
function zipOfFiles(files: readonly [string, Buffer][]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\u0005\u0006'), end]);
}
