// The services as the payment flow knows them: generated from the catalog, at the address that pages import it from.
export type { ServiceConfig } from 'catalog/config/services.config';
export { services } from 'catalog/config/services.config';
