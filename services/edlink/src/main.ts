import { serve } from '@flotilla/substrate/service';
import { edlink } from './vendor.ts';

await serve(edlink);
