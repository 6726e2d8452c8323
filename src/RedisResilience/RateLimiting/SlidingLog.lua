-- A log of the permits taken: a list of times in microseconds, the oldest first.
-- KEYS[1] the list; ARGV: the limit's permits, the window in microseconds, the permits asked for (0 looks, fewer give back), the least that will do,
-- a place that other limits use, and, in tests, the time.
-- Returns: permits granted, permits left, and in microseconds when to ask again and when all is free.
local key, limit, window, asked = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local least = tonumber(ARGV[4] or ARGV[3])
local now = tonumber(ARGV[6] or 0)
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- When the permit at a place comes back, from now; garbage is back already. No permit can come back later than one taken now.
local function left(place)
  local taken = tonumber(redis.call('LINDEX', key, place))
  return taken and math.min(taken, now) + window - now or 0
end

local used = redis.pcall('LLEN', key)
if type(used) ~= 'number' then
  redis.call('DEL', key)
  used = 0
end

-- Most calls find no permit that has come back, or all of them.
if used > 0 and left(0) <= 0 then
  local back, unknown = 1, used
  while back < unknown do
    local middle = math.floor((back + unknown) / 2)
    if left(middle) <= 0 then back = middle + 1 else unknown = middle end
  end
  redis.call('LTRIM', key, back, -1)
  used = used - back
end

local granted, wait = math.max(0, limit - used), 0
if granted > asked then granted = asked end
if granted < least then
  granted = 0
  wait = left(used + least - limit - 1)
end

if granted > 0 then
  local taken = {}
  local text = string.format('%.0f', now)
  for permit = 1, granted do taken[permit] = text end
  redis.call('RPUSH', key, unpack(taken))
  redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1)
  used = used + granted
elseif granted < 0 and used > 0 then
  -- Given back is what would have come back first.
  redis.call('LTRIM', key, -granted, -1)
  used = math.max(0, used + granted)
end
if used > 0 and granted <= 0 then
  local life = redis.call('PTTL', key)
  if life < 0 or life > window / 1000 + 1 then redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1) end
end

return { granted, math.max(0, limit - used), wait, used > 0 and math.max(0, left(-1)) or 0 }
