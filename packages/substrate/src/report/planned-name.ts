import { isJsonObject } from '../json/json-value.ts';
import type { PlanLine } from '../merge/plan.ts';
import { keptRecordName } from '../model/record-name.ts';

/** Pure. What people would call a record that comes or goes as a whole, and so is not stored under its name yet; null of any other. */
export function plannedName({
  toOurs,
  toTheirs,
}: {
  readonly toOurs: readonly PlanLine[];
  readonly toTheirs: readonly PlanLine[];
}): string | null {
  const whole = [...toOurs, ...toTheirs].find(({ pointer }) => pointer === '');
  const value = whole?.after ?? whole?.before;
  return isJsonObject(value) ? keptRecordName(value) : null;
}
