import { describeLaws } from './describe-laws.contract.ts';
import { setLaws } from './set.contract.ts';

describeLaws('sets', setLaws);
