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

/** What concerns documents alone: how they are opened, kept by old browsers, and what they are fetched ahead for. */
const ofDocuments = {
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const satisfies HelmetOptions;

/**
 * Helmet's headers on data: those of the OWASP REST Security Cheat Sheet, and those that Nginx adds to its own answers
 * (nginx/server.conf). Each header is a fiftieth of a hit. They are the same on every answer, so Helmet is asked once.
 */
export const dataHeaders = () => headersBy({ ...ofDocuments, contentSecurityPolicy: forData });

/** All of Helmet's headers, as a page has them. */
export const pageHeaders = () => headersBy({ contentSecurityPolicy: forPages });

function headersBy(options: HelmetOptions) {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, () => undefined);
  return { ...response.getHeaders() };
}
