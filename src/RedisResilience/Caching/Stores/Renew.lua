-- Prolongs a lease that still stands.
-- KEYS: the entry, its lease; ARGV: the token, the lease's time in ms. Returns: 1 prolonged, 0 it was another's or is over.
if own(KEYS[2]) ~= ARGV[1] then return { 0, 0, 0, 0 } end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return { 1, 0, 0, 0 }
