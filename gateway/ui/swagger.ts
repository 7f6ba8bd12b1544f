// Starts Swagger UI on the page that has loaded its bundle.
interface SwaggerUi {
  (options: Record<string, unknown>): unknown;
  presets: { apis: unknown };
}
declare const SwaggerUIBundle: SwaggerUi;

const place = document.querySelector<HTMLElement>("#swagger-ui");
if (place) {
  SwaggerUIBundle({
    domNode: place,
    url: place.dataset["url"],
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis],
  });
}
