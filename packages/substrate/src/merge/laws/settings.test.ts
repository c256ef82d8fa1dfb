import { describeLaws } from './describe-laws.contract.ts';
import { settingsLaws } from './settings.contract.ts';

describeLaws('what settings decide', settingsLaws);
