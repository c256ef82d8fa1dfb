import type { ResultOf } from '../rpc/call.ts';

type Settings = ResultOf<'integrations.get.v1'>['settings'];
type Written = ResultOf<'vendors.get.v1'>['writeBack'];

/** What keeps our changes from the vendor: it takes none such, or the integration's settings write none. */
export type WriteBarrier = 'vendor' | 'settings';

/** Pure. Null: they are written. Without an action: whether the vendor takes any of the entity type. */
export function findWriteBarrier(
  { disabledEntityTypes, writeBack, steps }: Pick<Settings, 'disabledEntityTypes' | 'writeBack' | 'steps'>,
  vendor: { readonly writeBack: Written },
  entityType: string,
  action?: Written[number]['actions'][number],
): WriteBarrier | null {
  const taken = vendor.writeBack.find((each) => each.entityType === entityType);
  if (taken === undefined || (action !== undefined && !taken.actions.includes(action))) return 'vendor';
  const isChosen =
    steps.push &&
    writeBack.some((each) => each === entityType) &&
    !disabledEntityTypes.some((each) => each === entityType);
  return isChosen ? null : 'settings';
}
