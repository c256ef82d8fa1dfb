import type { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';

export interface SettingsRemark {
  /** Relative to the settings. */
  readonly pointer: string;
  readonly message: string;
}

/** Pure. What sound settings do not do, though it looks as if they did. */
export function remarkOnSettings(
  { disabledEntityTypes, writeBack, steps }: IntegrationSettings,
  vendor: string,
): SettingsRemark[] {
  const remarks: SettingsRemark[] = [];
  writeBack.forEach((entityType, index) => {
    if (!disabledEntityTypes.includes(entityType)) return;
    const message = `${entityType} is not synced at all (disabledEntityTypes), so none is written back`;
    remarks.push({ pointer: `/writeBack/${index}`, message });
  });
  if (writeBack.length > 0 && !steps.push)
    remarks.push({ pointer: '/steps/push', message: 'nothing is written back while this is false' });
  if (writeBack.length > 0 && steps.push) {
    const message = `which of these ${vendor} takes is shown by vendor.describe.v1 of its service; changes of ours that it does not take stay on our side`;
    remarks.push({ pointer: '/writeBack', message });
  }
  if (!steps.persist) {
    const message = 'nothing is stored: every run finds the same differences again';
    remarks.push({ pointer: '/steps/persist', message });
  }
  if (!steps.pull && !steps.push) {
    remarks.push({ pointer: '/steps', message: 'neither pulled nor pushed: runs look and change nothing' });
  }
  return remarks;
}
