import { canonicalJson } from '../../packages/substrate/src/json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../packages/substrate/src/json/json-value.ts';
import { mergeRecord } from '../../packages/substrate/src/merge/merge-record.ts';
import { compileSettings } from '../../packages/substrate/src/merge/merge-rules.ts';
import { createRecordHasher } from '../../packages/substrate/src/merge/record-hash.ts';
import { volatilePointers } from '../../packages/substrate/src/model/entity-types.ts';
import { readPage } from '../../packages/substrate/src/pipeline/fetch/read-page.ts';
import type { Entity } from '../../packages/substrate/src/vendor/define-entity.ts';
import { oneroster } from '../../services/oneroster/src/vendor.ts';

/** One step of what is done to a record, in time for one record. */
export interface StepMeasurement {
  readonly step: string;
  readonly microseconds: number;
  /** How often a plain `JSON.parse` and `JSON.stringify` of the same record fit into it: comparable between machines. */
  readonly timesBaseline: number;
}

const baseline = 'JSON.parse + JSON.stringify';

/** Each step over the same users, in turns, so that a machine that slows down slows them all; the best of the rounds counts. */
export function measureSteps(rounds = 15): readonly StepMeasurement[] {
  const wire = Array.from({ length: 2_000 }, (_, index) => createUser(index));
  const texts = wire.map((record) => JSON.stringify(record));
  const rules = compileSettings({ volatile: volatilePointers });
  const hash = createRecordHasher(rules);
  const values = readPage(userEntity(), wire, hash).readings.map(({ value }) => value as JsonObject);
  const copies = [structuredClone(values), structuredClone(values)];
  const steps: Readonly<Record<string, () => unknown>> = {
    [baseline]: () => texts.map((text) => JSON.stringify(JSON.parse(text))),
    'canonical JSON': () => values.map(canonicalJson),
    'hash (canonical JSON and SHA-256)': () => values.map(hash),
    'read (schema, mapping and hash)': () => readPage(userEntity(), wire, hash),
    'merge (an unchanged record, read three times)': () =>
      values.map((each, index) =>
        mergeRecord(
          { base: each, ours: copies[0]?.[index], theirs: copies[1]?.[index] },
          rules.forRecord('user'),
        ),
      ),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const [step, run] of Object.entries(steps)) {
      const startedAt = performance.now();
      run();
      const microseconds = ((performance.now() - startedAt) * 1000) / wire.length;
      best.set(step, Math.min(best.get(step) ?? Number.POSITIVE_INFINITY, microseconds));
    }
  }
  const whole = best.get(baseline) ?? Number.NaN;
  return [...best].map(([step, microseconds]) => ({
    step,
    microseconds,
    timesBaseline: microseconds / whole,
  }));
}

function userEntity(): Entity {
  const entity = oneroster.entities.find(({ entityType }) => entityType === 'user');
  if (entity === undefined) throw new Error('OneRoster has no users');
  return entity;
}

/** A user as a OneRoster 1.2 provider sends it. */
function createUser(index: number): JsonValue {
  const sourcedId = `user-${index}`;
  return {
    sourcedId,
    status: 'active',
    dateLastModified: '2026-08-15T07:30:00.000Z',
    userMasterIdentifier: `master-${index}`,
    username: `student${index}`,
    userIds: [{ type: 'LDAP', identifier: `ldap-${index}` }],
    enabledUser: 'true',
    givenName: 'Ada',
    familyName: `Lovelace-${index}`,
    email: `student${index}@example.org`,
    roles: [
      {
        roleType: 'primary',
        role: 'student',
        org: { href: 'https://example.org/orgs/org-1', sourcedId: 'org-1', type: 'org' },
        beginDate: '2026-08-15',
      },
    ],
    grades: ['07'],
    primaryOrg: { href: 'https://example.org/orgs/org-1', sourcedId: 'org-1', type: 'org' },
  };
}
