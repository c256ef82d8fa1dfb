import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { Issue } from '../../parts/issues.ts';
import type { ResultOf } from '../../rpc/call.ts';
import type { Path } from './json-at.ts';

export type Stored = ResultOf<'settings.get.v1'>;
export type Vendor = ResultOf<'vendors.get.v1'>;

/** What every part of the editor needs: the settings as they are being chosen, and how to choose. */
export interface DraftProps {
  /** Only what is chosen; the rest follows the defaults. */
  readonly draft: JsonObject;
  readonly defaults: Stored['defaults'];
  /** What control said against it, relative to the settings. */
  readonly issues: readonly Issue[];
  readonly mayChange: boolean;
  /** Undefined: chosen no more. */
  readonly choose: (path: Path, value: JsonValue | undefined) => void;
}
