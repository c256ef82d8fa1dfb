import { serveService } from '@flotilla/substrate/service';
import { warehouse } from './service.ts';

await serveService(warehouse);
