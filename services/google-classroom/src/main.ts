import { serve } from '@flotilla/substrate/service';
import { googleClassroom } from './vendor.ts';

await serve(googleClassroom);
