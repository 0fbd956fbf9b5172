import { mongoUrl, portOf, serviceEnv } from '@souk/platform';
import type { z } from 'zod';

export const OrderEnv = serviceEnv.extend({ PORT: portOf(3003), MONGODB_URL: mongoUrl });
export type OrderEnv = z.output<typeof OrderEnv>;
