import { describeLaws } from './describe-laws.contract.ts';
import { lossLaws } from './loss.contract.ts';

describeLaws('what must arrive', lossLaws);
