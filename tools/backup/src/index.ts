export { BackupError, backUp, type Counts, restore } from './dump.ts';
