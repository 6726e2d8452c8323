-- Prolongs an entry that is still the one that was read: what was written meanwhile keeps its own end.
-- KEYS: the entry, its lease; ARGV: its life in ms, where in the entry the caller looked, unused, what it saw there. Returns: 1 prolonged, 0 not.
local seen = ARGV[4]
if redis.pcall('GETRANGE', KEYS[1], ARGV[2], ARGV[2] + #seen - 1) ~= seen then return { 0, 0, 0, 0 } end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return { 1, 0, 0, 0 }
