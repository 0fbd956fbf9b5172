import { apps } from '@souk/contracts';

/** The programs of the shop: all of them can have replicas. */
export const APPS = apps;
export type AppName = (typeof APPS)[number];

/** The services behind the apps. */
export type BackingName = 'nats' | 'mongo' | 'redis';

interface App {
  /** Where its first replica listens if nobody else does. */
  port: number;
  /** The backing services it is told of. */
  backing: readonly BackingName[];
}

/** How each app is run. One with a `mongo` has a database of its own there. */
export const APP: Readonly<Record<AppName, App>> = {
  gateway: { port: 3000, backing: ['nats', 'redis'] },
  user: { port: 3001, backing: ['nats', 'mongo'] },
  product: { port: 3002, backing: ['nats', 'mongo'] },
  order: { port: 3003, backing: ['nats', 'mongo'] },
};

/** Something for each app. */
export function eachApp<T>(make: (app: AppName) => T): Record<AppName, T> {
  const entries = APPS.map((app) => [app, make(app)] as const);
  // The type of Object.fromEntries forgets which keys there are.
  return Object.fromEntries(entries) as Record<AppName, T>;
}
