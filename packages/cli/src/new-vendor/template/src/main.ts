import { serve } from '@flotilla/substrate/service';
import { exampleSis } from './vendor.ts';

await serve(exampleSis);
