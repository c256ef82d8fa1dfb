/** The public face of `service/`: what a service's `main.ts` starts from. */
export { serve, serveService } from './serve.ts';
export type { Service, ServiceDefinition, ServiceParts } from './service-definition.ts';
export { vendorMethods } from './vendor-service.ts';
