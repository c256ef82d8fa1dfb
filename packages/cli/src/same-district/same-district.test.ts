import { join } from 'node:path';
import type { EntityType } from '@flotilla/substrate/model';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { openVendorStage } from '@flotilla/substrate/testing/vendor-stage';
import type { Vendor } from '@flotilla/substrate/vendor';
import { beforeAll, describe, expect, test } from 'vitest';
import { findSimulators, loadSimulator } from '../fleet/find-simulators.ts';
import { type CanonicalRow, type PersonMark, toComparable } from './comparable-rows.fixture.ts';
import { compareRows } from './compare-rows.fixture.ts';
import { unlike } from './unlike.fixture.ts';

const folder = join(import.meta.dirname, '../../../../services');
const district = { students: 24, seed: 7, assignments: 8, attendance: 6, assessmentResults: 6 };
/** The first to be compared with; which one it is makes no difference. */
const standard = 'oneroster';
const vendors = findSimulators(folder);

let expected: readonly CanonicalRow[];

beforeAll(async () => {
  expected = await rowsOf(standard);
});

describe('the same district', () => {
  test('is shown by more than one vendor', () => {
    expect(vendors.length).toBeGreaterThan(1);
  });

  test.each(vendors.map(({ vendor }) => vendor).filter((vendor) => vendor !== standard))(
    'reads from %s as from the others, as far as both can say it',
    async (vendor) => {
      const found = await rowsOf(vendor);

      const mark = markOf(found);
      const differences = compareRows(toComparable(found, mark), toComparable(expected, mark));

      const unexplained = Object.entries(differences).filter(
        ([place]) => unlike[vendor]?.[place] === undefined,
      );
      expect(Object.fromEntries(unexplained)).toEqual({});
      const stale = Object.keys(unlike[vendor] ?? {}).filter((place) => differences[place] === undefined);
      expect(stale, 'explained, though alike').toEqual([]);
      const people = found.filter(({ entityType }) => entityType === 'user');
      expect(people.length).toBeGreaterThanOrEqual(district.students);
    },
    60_000,
  );
});

async function rowsOf(vendorId: string): Promise<readonly CanonicalRow[]> {
  const found = vendors.find(({ vendor }) => vendor === vendorId);
  if (found === undefined) throw new RangeError(`There is no simulator of ${vendorId}`);
  const entry = await loadSimulator(found);
  const vendor = await loadVendor(vendorId);
  const stage = await openVendorStage<DistrictSimulator>({
    vendor,
    createSimulator: async ({ clock }) => await entry.create({ clock, district }),
    connection: (simulator) => simulator.connection,
    credential: (simulator) => simulator.credential,
    pageSize: 100,
  });
  try {
    const { run, quarantined } = await stage.sync();
    expect(quarantined, vendorId).toEqual([]);
    expect(run.state, vendorId).toBe('succeeded');
    const stored = await stage.stored();
    return stored.flatMap(({ entityType, recordId, value }) =>
      value === null ? [] : [{ entityType: entityType as EntityType, id: recordId, value }],
    );
  } finally {
    await stage.close();
  }
}

async function loadVendor(vendorId: string): Promise<Vendor> {
  const module: Readonly<Record<string, unknown>> = await import(join(folder, vendorId, 'src/vendor.ts'));
  const vendor = Object.values(module).find((one) => (one as { id?: unknown } | null)?.id === vendorId);
  if (vendor === undefined) throw new RangeError(`services/${vendorId}/src/vendor.ts exports no vendor`);
  return vendor as Vendor;
}

function markOf(rows: readonly CanonicalRow[]): PersonMark {
  const people = rows.filter(({ entityType }) => entityType === 'user');
  return people.every(({ value }) => value['identifier'] !== undefined) ? 'identifier' : 'email';
}
