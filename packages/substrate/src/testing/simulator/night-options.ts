import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EditPlan } from '../district/edit-district.ts';

export interface NightOptions extends EditPlan {
  /** Whether what leaves vanishes or stays, marked `tobedeleted`. Default `remove`. */
  readonly removal?: 'remove' | 'tobedeleted';
}

const numbers = [
  'seed',
  'night',
  'renamed',
  'transferred',
  'enrolled',
  'withdrawn',
  'rooms',
  'scores',
  'marked',
  'excused',
] as const;

/** Pure. Reads what was posted to `/admin/night`; throws `invalid_params` naming the member that is wrong. */
export function parseNightOptions(body: JsonObject): NightOptions {
  const options: { -readonly [Name in keyof NightOptions]: NightOptions[Name] } = {};
  for (const [name, value] of Object.entries(body)) {
    const number = numbers.find((known) => known === name);
    if (number !== undefined && typeof value === 'number' && Number.isInteger(value) && value >= 0)
      options[number] = value;
    else if (name === 'removal' && (value === 'remove' || value === 'tobedeleted')) options.removal = value;
    else {
      throw new Failure('invalid_params', "Not a night's options", {
        data: {
          found: { [name]: value },
          expected: `whole numbers for ${numbers.join(', ')}; removal: remove or tobedeleted`,
        },
      });
    }
  }
  return options;
}
