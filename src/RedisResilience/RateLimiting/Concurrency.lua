-- Permits held: a sorted set of leases, each by the time it ends in microseconds. A lease is the time it was given; its further permits are .1, .2 and so on.
-- KEYS[1] the set; ARGV: the limit's permits, the lease time in microseconds, the permits asked for (0 looks), the least that will do,
-- a place that other limits use, and, in tests, the time.
-- Returns: permits granted, permits left, twice 0 (nobody knows when a lease is given back), and the lease.
local key, limit, lease, asked = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local least = tonumber(ARGV[4] or ARGV[3])
local now = tonumber(ARGV[6] or 0)
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function number(value) return string.format('%.0f', value) end

if type(redis.pcall('ZREMRANGEBYSCORE', key, '-inf', number(now))) ~= 'number' then redis.call('DEL', key) end
local held = redis.call('ZCARD', key)
if held + least > limit and held > 0 then
  -- Before anybody is denied: no lease of ours ends more than a day from now.
  redis.call('ZREMRANGEBYSCORE', key, number(now + 86400000000), '+inf')
  held = redis.call('ZCARD', key)
end

local granted = math.max(0, limit - held)
if granted > asked then granted = asked end
if granted < least then granted = 0 end

local id = now
if granted > 0 then
  while redis.call('ZSCORE', key, number(id)) do id = id + 1 end
  redis.call('ZADD', key, number(now + lease), number(id))
  for permit = 1, granted - 1 do redis.call('ZADD', key, number(now + lease), number(id) .. '.' .. permit) end
end
if held + granted > 0 then
  local life = redis.call('PTTL', key)
  if life < lease / 1000 then redis.call('PEXPIRE', key, math.ceil(lease / 1000) + 1) end
end

return { granted, math.max(0, limit - held - granted), 0, 0, id }
