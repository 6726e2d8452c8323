-- Puts permits into a pool, as PermitPoolTake.lua has it.
-- KEYS[1] the pool; ARGV: the terms, the permits, how many stand behind them, in milliseconds when they end, and how much later all permits are free.
-- Returns: permits left here, and four times 0.
local left, behind = ARGV[2] + 0, ARGV[3] + 0
local pool = redis.pcall('HMGET', KEYS[1], 'terms', 'left', 'behind')
if pool.err or (pool[1] and pool[1] ~= ARGV[1]) then
  redis.call('DEL', KEYS[1])
elseif pool[1] then
  -- Another process was here first. Of the two, who asked last was told of less behind.
  left = left + (tonumber(pool[2]) or 0)
  behind = math.min(behind, tonumber(pool[3]) or 0)
end

redis.call('HSET', KEYS[1], 'terms', ARGV[1], 'left', left, 'behind', behind, 'later', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return struct.pack('>lllll', left, 0, 0, 0, 0)
