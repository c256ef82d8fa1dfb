import { serve } from '@flotilla/substrate/service';
import { canvas } from './vendor.ts';

await serve(canvas);
