// What of Swagger UI is used here; the package has no types.
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
    import type { Options, System } from './system';
    const SwaggerUI: (options: Options) => { getSystem: () => System };
    export default SwaggerUI;
}
