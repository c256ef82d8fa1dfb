import { serveService } from '@flotilla/substrate/service';
import { control } from './service.ts';

await serveService(control);
