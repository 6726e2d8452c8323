-- Permits held: a sorted set of leases, each by the time it ends in microseconds. A lease is the time it was given; its further permits are .1, .2 and so on.
-- KEYS[1] the set; ARGV: the limit's permits and the lease time in microseconds, as one argument; and, if it is not 1, the permits
-- asked for (0 looks); how many times at most, a place that other limits use, and in tests the time.
-- Returns: permits granted, permits left, twice 0 (nobody knows when a lease is given back), and the lease, which is the time.
local key = KEYS[1]
local limit, lease = struct.unpack('>ll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now = unit, 0
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local held = redis.pcall('ZCARD', key)
if type(held) ~= 'number' then
  redis.call('DEL', key)
  held = 0
elseif held > 0 then
  held = held - redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%d', now))
  -- Before anybody is denied: no lease of ours ends more than a day from now.
  if held + asked > limit then held = held - redis.call('ZREMRANGEBYSCORE', key, now + 86400000000, '+inf') end
end

local free, granted = limit - held, asked
if free < 0 then free = 0 end
if free < asked then granted = free - free % unit end

local id, ends = now, string.format('%d', now + lease)
if granted > 0 then
  while redis.call('ZADD', key, 'NX', ends, string.format('%d', id)) == 0 do id = id + 1 end
  for permit = 1, granted - 1 do redis.call('ZADD', key, ends, string.format('%d.%d', id, permit)) end
end

-- Twice as long as it must live, so that most calls find that it does.
if held == 0 and granted > 0 or held > 0 and redis.call('PTTL', key) < lease / 1000 then redis.call('PEXPIRE', key, string.format('%d', math.ceil(lease / 500))) end

return struct.pack('>lllll', granted, free - granted, 0, 0, id)
