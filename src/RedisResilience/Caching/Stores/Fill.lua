-- Stores what was loaded under a lease that still stands: no invalidation has come in between.
-- KEYS: the entry, its lease; ARGV: the token, the entry's life in ms, unused, the entry. Returns: 1 stored, 0 not.
if own(KEYS[2]) ~= ARGV[1] then return { 0, 0, 0, 0 } end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return { 1, 0, 0, 0 }
