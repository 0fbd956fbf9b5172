/*
 * Who is older is settled inside Redis, by one counter, because two gateways hear of a write at different times:
 * with marks of wall clocks or of their own, one could store what another has just invalidated. The reader takes the
 * counter before it fills (its stamp); an invalidation raises the counter and writes it down as the version of each
 * tag. An entry is fresh while no tag of it has a version above its stamp, whichever message came first.
 *
 * A tag without a version makes its entries stale, so a flushed or evicted version costs a fill and never revives an
 * old value. The counter begins at the server's microseconds, so that it does not fall back when it is lost.
 *
 * ARGV[1] is the prefix of all keys, ARGV[2] how long a version is kept (longer than any entry), in milliseconds.
 */
const prelude = `
local prefix, life = ARGV[1], ARGV[2]
local function clock()
  local now = redis.call('GET', prefix .. 'clock')
  if not now then
    local time = redis.call('TIME')
    now = string.format('%.0f', time[1] * 1000000 + time[2])
    redis.call('SET', prefix .. 'clock', now, 'PX', life)
  end
  return now
end
`;

/** KEYS: entry. Returns the counter, then for a kept entry: 1 if no tag overtook it, freshUntil, storedAt, etag, tags, body. */
export const readScript = `${prelude}
local now = clock()
local entry = redis.call('HMGET', KEYS[1], 'stamp', 'freshUntil', 'storedAt', 'etag', 'tags', 'body')
if not entry[1] then return { now } end
local current = '1'
for tag in string.gmatch(entry[5], '[^\\n]+') do
  local version = redis.call('GET', prefix .. 'tag:' .. tag)
  if not version or tonumber(version) > tonumber(entry[1]) then current = '0' end
end
return { now, current, entry[2], entry[3], entry[4], entry[5], entry[6] }
`;

/** KEYS: entry. ARGV: …, stamp, entry's life in milliseconds, freshUntil, storedAt, etag, tags, body. Returns 1 if stored. */
export const writeScript = `${prelude}
local stamp, current = tonumber(ARGV[3]), true
for tag in string.gmatch(ARGV[8], '[^\\n]+') do
  local version = redis.call('GET', prefix .. 'tag:' .. tag) or clock()
  if tonumber(version) > stamp then current = false end
  redis.call('SET', prefix .. 'tag:' .. tag, version, 'PX', life)
end
if not current then return 0 end
redis.call('HSET', KEYS[1], 'stamp', ARGV[3], 'freshUntil', ARGV[5], 'storedAt', ARGV[6],
  'etag', ARGV[7], 'tags', ARGV[8], 'body', ARGV[9])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`;

/** ARGV: …, then the tags. Returns the new value of the counter. */
export const invalidateScript = `${prelude}
clock()
local version = string.format('%.0f', redis.call('INCR', prefix .. 'clock'))
for i = 3, #ARGV do redis.call('SET', prefix .. 'tag:' .. ARGV[i], version, 'PX', life) end
return version
`;
