import { agreementLaws } from './agreement.contract.ts';
import { conflictLaws } from './conflict.contract.ts';
import { jsonLaws } from './json.contract.ts';
import type { Law } from './law.fixture.ts';
import { lossLaws } from './loss.contract.ts';
import { planLaw } from './plan.contract.ts';
import { referenceLaw } from './reference.contract.ts';
import { setLaws } from './set.contract.ts';
import { settingsLaws } from './settings.contract.ts';
import { symmetryLaws } from './symmetry.contract.ts';

/** The twenty-four laws of the merge by their numbers; the twenty-fifth is what is said of plans, the twenty-sixth the reference. */
export const allLaws: readonly Law[] = [
  ...agreementLaws,
  ...symmetryLaws,
  ...lossLaws,
  ...conflictLaws,
  ...settingsLaws,
  ...setLaws,
  ...jsonLaws,
  planLaw,
  referenceLaw,
].sort((a, b) => a.number - b.number);
