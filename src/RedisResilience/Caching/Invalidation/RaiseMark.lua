-- Raises a high-water mark. Marks are compared as text of digits, for Lua's own numbers are exact up to 2^53 only.
-- KEYS[1] the mark; ARGV: the new one, its life in ms, which begins anew. Returns: 1.
local stored, mark = own(KEYS[1]), ARGV[1]
local isHigher = #stored < 20 and stored:find('^[1-9]%d*$') and (#stored > #mark or (#stored == #mark and stored > mark))
redis.call('SET', KEYS[1], isHigher and stored or mark, 'PX', ARGV[2])
return { 1, 0, 0, 0 }
