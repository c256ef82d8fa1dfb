import { serve } from '@flotilla/substrate/service';
import { edFi } from './vendor.ts';

await serve(edFi);
