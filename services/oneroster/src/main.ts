import { serve } from '@flotilla/substrate/service';
import { oneroster } from './vendor.ts';

await serve(oneroster);
