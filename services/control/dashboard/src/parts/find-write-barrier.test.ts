import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import { expect, test } from 'vitest';
import { findWriteBarrier } from './find-write-barrier.ts';

const vendor = {
  writeBack: [
    {
      entityType: 'result',
      members: ['score'],
      actions: ['create' as const, 'update' as const],
      assignsIds: false,
    },
  ],
};

test.each([
  [{ writeBack: ['result'] }, 'result', 'update', null],
  [{ writeBack: ['result'] }, 'result', undefined, null],
  [{ writeBack: ['result'] }, 'result', 'delete', 'vendor'],
  [{ writeBack: ['user'] }, 'user', 'update', 'vendor'],
  [{}, 'result', 'update', 'settings'],
  [{ writeBack: ['result'], steps: { push: false } }, 'result', 'update', 'settings'],
  [{ writeBack: ['result'], disabledEntityTypes: ['result'] }, 'result', 'update', 'settings'],
] as const)(
  'with %j, what keeps our %s (%s) from the vendor is: %s',
  (chosen, entityType, action, barrier) => {
    const settings = IntegrationSettings.parse(chosen);
    expect(findWriteBarrier(settings, vendor, entityType, action)).toBe(barrier);
  },
);
