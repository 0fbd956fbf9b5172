/** The page: no build step, no framework; it draws anew what each event says. */
export const opsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Souk: what runs</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d8dce2, #343a46); --soft: light-dark(#5b6472, #9aa4b5);
    --card: light-dark(#fff, #1b1f27); --bad: light-dark(#b3261e, #ff8a80); --good: light-dark(#1b6e3c, #7bd88f); }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 1rem clamp(.75rem, 3vw, 2rem); font: 15px/1.45 system-ui, sans-serif;
    background: light-dark(#f4f5f7, #12151a); color: light-dark(#1c2129, #e6e9ef); }
  header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; }
  h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
  #programs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: .75rem; margin-top: 1rem; }
  article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; }
  article.gone { border-color: var(--bad); }
  h3 { margin: 0 0 .25rem; font-size: 1rem; display: flex; justify-content: space-between; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th { text-align: left; font-weight: 500; color: var(--soft); } td, th { padding: .15rem 0 .15rem .75rem; white-space: nowrap; }
  td:first-child, th:first-child { padding-left: 0; }
  td.n, th.n { text-align: right; }
  .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; }
  code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
  .soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
</style>
<header><h1>Souk</h1><span id="state" class="soft">connecting</span></header>
<section id="programs" aria-label="Programs"></section>
<h2>Breakers of this gateway</h2><div class="scroll" id="breakers"></div>
<h2>Requests that failed here</h2><div class="scroll" id="failures"></div>
<script>
  const el = (tag, text, className = '') => Object.assign(document.createElement(tag), { textContent: text, className });
  const row = (cell, values) => {
    const line = document.createElement('tr');
    for (const [text, className] of values) line.append(el(cell, text, className));
    return line;
  };
  const table = (head, rows) => {
    const made = document.createElement('table');
    made.append(row('th', head), ...rows.map((cells) => row('td', cells)));
    return made;
  };
  const ms = (value) => (value === null ? '–' : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0) + ' ms');
  const card = ({ name, replicas }) => {
    const made = el('article', '', replicas.length ? '' : 'gone');
    const title = el('h3', name);
    title.append(el('span', replicas.length ? replicas.length + (replicas.length > 1 ? ' replicas' : ' replica') : 'nobody answers', replicas.length ? 'soft' : 'bad'));
    made.append(title);
    const cells = ({ id, calls, errors, p50, p99 }) => [[id.slice(-7), 'soft'], [calls + '/s', 'n'], [errors + '/s', errors > 0 ? 'n bad' : 'n'], [ms(p50), 'n'], [ms(p99), 'n']];
    if (replicas.length) made.append(table([['replica'], ['calls', 'n'], ['errors', 'n'], ['p50', 'n'], ['p99', 'n']], replicas.map(cells)));
    return made;
  };
  const show = ({ at, programs, breakers, failures }) => {
    document.getElementById('state').textContent = 'as of ' + new Date(at).toLocaleTimeString();
    document.getElementById('programs').replaceChildren(...programs.map(card));
    const open = ({ state }) => (state === 'Closed' ? 'good' : 'bad');
    document.getElementById('breakers').replaceChildren(
      breakers.length ? table([['target'], ['state']], breakers.map((each) => [[each.target], [each.state.toLowerCase(), open(each)]])) : el('p', 'None yet.', 'soft'));
    const line = ({ at, what, status, milliseconds, requestId }) => [[new Date(at).toLocaleTimeString(), 'soft'], [what], [String(status), 'bad'], [milliseconds + ' ms', 'n'], [requestId, 'soft id']];
    document.getElementById('failures').replaceChildren(
      failures.length ? table([['at'], ['what'], ['status'], ['took', 'n'], ['request']], failures.map(line)) : el('p', 'None.', 'good'));
  };
  const events = new EventSource('/ops/events');
  events.onmessage = ({ data }) => show(JSON.parse(data));
  events.onerror = () => { document.getElementById('state').textContent = 'not connected; trying again'; };
</script>
</html>
`;
