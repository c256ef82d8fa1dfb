import { serve } from '@flotilla/substrate/service';
import { ellucianEthos } from './vendor.ts';

await serve(ellucianEthos);
