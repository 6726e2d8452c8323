-- Gives a lease back without an entry.
-- KEYS: the entry, its lease; ARGV: the token, a cool-down in ms or 0. Returns: 1 given back, 0 it was another's.
if own(KEYS[2]) ~= ARGV[1] then return { 0, 0, 0, 0 } end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], '-1', 'PX', ARGV[2])
end
return { 1, 0, 0, 0 }
