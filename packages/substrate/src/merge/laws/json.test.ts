import { describeLaws } from './describe-laws.contract.ts';
import { jsonLaws } from './json.contract.ts';

describeLaws('any JSON', jsonLaws);
