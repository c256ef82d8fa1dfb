import { describeLaws } from './describe-laws.contract.ts';
import { symmetryLaws } from './symmetry.contract.ts';

describeLaws('what the merge must not look at', symmetryLaws);
