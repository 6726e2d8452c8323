-- The nodes that are alive: a sorted set of their ids, each with the time when it will be taken for dead.
-- KEYS[1] the set; ARGV: for how many ms it lives without another beat (0: it leaves), this node's id.
-- Returns: how many nodes are alive, how many of them have a smaller id than this one, the time in µs, and twice 0.
local life = math.floor(struct.unpack('>l', ARGV[1]))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What is not a set of nodes is none.
if type(redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)) == 'table' then redis.call('DEL', KEYS[1]) end

if life == 0 then
  redis.call('ZREM', KEYS[1], ARGV[2])
else
  redis.call('ZADD', KEYS[1], now + life, ARGV[2])
  redis.call('PEXPIRE', KEYS[1], life)
end

local nodes, smaller = redis.call('ZRANGE', KEYS[1], 0, -1), 0
for _, node in ipairs(nodes) do
  if node < ARGV[2] then smaller = smaller + 1 end
end

return struct.pack('>lllll', #nodes, smaller, time[1] * 1000000 + time[2], 0, 0)
