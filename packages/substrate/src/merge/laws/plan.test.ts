import { describeLaws } from './describe-laws.contract.ts';
import { planLaw } from './plan.contract.ts';

describeLaws('plans', [planLaw]);
