import { describeLaws } from './describe-laws.contract.ts';
import { referenceLaw } from './reference.contract.ts';

describeLaws('the reference', [referenceLaw]);
