import { conflictLaws } from './conflict.contract.ts';
import { describeLaws } from './describe-laws.contract.ts';

describeLaws('conflicts and decisions', conflictLaws);
