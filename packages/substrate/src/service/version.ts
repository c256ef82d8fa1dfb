/** Of the whole fleet: services are deployed apart, but made of one tree. */
export const version = '0.1.0';
