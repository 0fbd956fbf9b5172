import { portOf, serviceEnv } from '@souk/platform';
import type { z } from 'zod';

export const __Name__Env = serviceEnv.extend({ PORT: portOf(__port__) });
export type __Name__Env = z.output<typeof __Name__Env>;
