import { agreementLaws } from './agreement.contract.ts';
import { describeLaws } from './describe-laws.contract.ts';

describeLaws('where there is nothing to decide', agreementLaws);
