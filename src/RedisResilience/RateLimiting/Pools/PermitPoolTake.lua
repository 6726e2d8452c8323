-- Takes permits from a pool: a hash of the terms they were counted under, how many are left, how many stand behind them elsewhere, and how much later
-- than the pool all permits are free again.
-- KEYS[1] the pool; ARGV: the terms, and the permits asked for (0 looks, -1 takes all out).
-- Returns: 1 there are too few, 2 taken, 3 shut; permits left here and behind; in milliseconds when the pool ends and when all is free; permits taken out.
local permits = ARGV[2] + 0
local pool = redis.pcall('HMGET', KEYS[1], 'terms', 'left', 'behind', 'later')
if pool.err then
  redis.call('DEL', KEYS[1])
  return struct.pack('>lllll', 1, 0, 0, 0, 0)
end

local left, behind, later = tonumber(pool[2]), tonumber(pool[3]), tonumber(pool[4])
if not (left and behind and later) then return struct.pack('>lllll', 1, 0, 0, 0, 0) end

local ends = redis.call('PTTL', KEYS[1])
if permits < 0 or pool[1] ~= ARGV[1] or ends < 0 or (left < permits and left + behind > 0) then
  redis.call('DEL', KEYS[1])
  return struct.pack('>lllll', 1, 0, 0, 0, left)
end

if left < permits then return struct.pack('>lllll', 3, 0, ends, ends + later, 0) end
if permits > 0 then left = redis.call('HINCRBY', KEYS[1], 'left', -permits) end
return struct.pack('>lllll', 2, left + behind, ends, ends + later, 0)
