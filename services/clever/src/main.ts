import { serve } from '@flotilla/substrate/service';
import { clever } from './vendor.ts';

await serve(clever);
