// Preloaded with `--import`: kills the process at the step of the order protocol that SOUK_KILL_AT names.
import { subscribe } from 'node:diagnostics_channel';

subscribe('souk:order:step', ({ step }) => {
  if (step === process.env.SOUK_KILL_AT) process.kill(process.pid, 'SIGKILL');
});
