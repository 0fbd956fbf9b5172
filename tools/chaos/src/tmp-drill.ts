import { runDrills, drillTable } from './drills/index.ts';
const s = new AbortController();
process.on('SIGINT', () => s.abort());
const f = await runDrills(process.argv.slice(2), { say: (l) => console.error('drill: ' + l), signal: s.signal });
console.log(drillTable(f));
