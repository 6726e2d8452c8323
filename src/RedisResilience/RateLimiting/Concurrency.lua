-- Permits held: a sorted set of leases, each by the time it ends in microseconds. A lease is the time it was given; its further permits are .1, .2 and so on.
-- KEYS[1] the set; ARGV: the limit's permits, the lease time in microseconds, the permits asked for (0 looks),
-- and, if they are not the usual ones, how many times at most, a place that other limits use, and in tests the time.
-- Returns: permits granted, permits left, twice 0 (nobody knows when a lease is given back), and the lease, which is the time.
local key, limit, lease, unit = KEYS[1], ARGV[1] + 0, ARGV[2] + 0, ARGV[3] + 0
local asked, now = unit, 0
if ARGV[4] then asked, now = unit * ARGV[4], ARGV[6] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function number(value) return string.format('%d', value) end

if type(redis.pcall('ZREMRANGEBYSCORE', key, '-inf', number(now))) ~= 'number' then redis.call('DEL', key) end
local held = redis.call('ZCARD', key)
if held + asked > limit and held > 0 then
  -- Before anybody is denied: no lease of ours ends more than a day from now.
  redis.call('ZREMRANGEBYSCORE', key, number(now + 86400000000), '+inf')
  held = redis.call('ZCARD', key)
end

local granted = math.max(0, limit - held)
if granted >= asked then granted = asked else granted = granted - granted % unit end

local id = now
if granted > 0 then
  local ends = number(now + lease)
  while redis.call('ZADD', key, 'NX', ends, number(id)) == 0 do id = id + 1 end
  for permit = 1, granted - 1 do redis.call('ZADD', key, ends, number(id) .. '.' .. permit) end
end

-- Twice as long as it must live, so that most calls find that it does.
if held + granted > 0 and redis.call('PTTL', key) < lease / 1000 then redis.call('PEXPIRE', key, math.ceil(lease / 500)) end

return { granted, math.max(0, limit - held - granted), 0, 0, id }
