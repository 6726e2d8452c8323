-- Permits held: a sorted set of leases by the time they end in microseconds, named name:leasetime; further permits of a lease are
-- name:leasetime:1, :2 and so on.
-- Behind them stands the greatest token that was given, at 2^52 and itself.
-- KEYS[1] the set; ARGV: the limit's permits and the lease time in microseconds, as one argument; the name of the lease; or, in its
-- place, the permits
-- asked for (0 looks), how many times at most, the name, and the time in tests or 0.
-- Returns: permits granted, permits left, twice 0 (nobody knows when a lease is given back), and the token of the lease.
local key, behind = KEYS[1], 4503599627370496
local limit, lease = struct.unpack('>ll', ARGV[1])
local unit, asked, name, now = 1, 1, ARGV[2], 0
if ARGV[3] then
  unit, name, now = ARGV[2] + 0, ARGV[4], ARGV[5] + 0
  asked = unit * ARGV[3]
end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- What has ended is removed, and stays so when the clock is set back. Leases stand below the token.
-- Of another kind of limit nothing is held, and its count is left as it is until a permit is taken.
local held, token, other = 0, now, false
local ended = redis.pcall('ZREMRANGEBYSCORE', key, '-inf', string.format('%d', now))
if type(ended) == 'number' then
  held = redis.call('ZCOUNT', key, '-inf', '4503599627370496')
elseif string.find(ended.err, 'WRONGTYPE', 1, true) then
  other = true
else
  -- Such as a server that takes no writes: it fails as any command would.
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%d', now))
end
if not other and held + math.max(asked, 1) > limit then
  -- Before anybody is denied: no lease ends later than it lasts, unless the clock has been set back since or nobody here has written it.
  local late = redis.call('ZRANGEBYSCORE', key, string.format('(%d', now + lease), '+inf', 'WITHSCORES')
  for place = 1, #late, 2 do
    local member, ends = late[place], tonumber(late[place + 1]) or math.huge
    if member ~= 'token' or ends <= behind then
      local own = tonumber(string.match(member, '^%d+:(%d+)'))
      if not own or own > 86400000000 then
        local removed = redis.call('ZREM', key, member)
        if ends <= behind then held = held - removed end
      elseif ends > now + own then
        redis.call('ZADD', key, string.format('%d', now + own), member)
        if ends > behind then held = held + 1 end
      end
    end
  end
end

local free, granted = math.max(limit - held, 0), asked
if free < asked then granted = free - free % unit end
if granted > 0 then
  if other then redis.call('DEL', key) end
  local member, ends = string.format('%s:%d', name, lease), string.format('%d', now + lease)
  if redis.call('ZADD', key, 'GT', 'CH', ends, member, string.format('%d', behind + token), 'token') < 2 then
    -- The clock has been set back, or stands: a later lease has the greater token all the same.
    local last = (tonumber(redis.call('ZSCORE', key, 'token')) or 0) - behind
    if last >= now and last < behind - 1 then token = last + 1 end
    redis.call('ZADD', key, behind + token, 'token')
  end
  for permit = 1, granted - 1 do redis.call('ZADD', key, ends, member .. ':' .. permit) end
end

-- Twice as long as it must live, so that most calls find that it does. A denied call prolongs nothing.
local life = held == 0 and granted > 0 and 0 or redis.call('PTTL', key)
if life < lease / 1000 and granted > 0 or life == -1 then redis.call('PEXPIRE', key, math.ceil(lease / 500)) end

return struct.pack('>lllll', granted, free - granted, 0, 0, token)
