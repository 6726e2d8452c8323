-- A log of the permits taken: a list of times in microseconds, the oldest first.
-- KEYS[1] the list; ARGV: the limit's permits, the window in microseconds, the permits asked for (0 looks, fewer give back),
-- and, if they are not the usual ones, how many times at most, a place that other limits use, and in tests the time.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when all is free, and the time.
local key, limit, window, unit = KEYS[1], ARGV[1] + 0, ARGV[2] + 0, ARGV[3] + 0
local asked, now = unit, 0
if ARGV[4] then asked, now = unit * ARGV[4], ARGV[6] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- When the permit at a place comes back, from now. Garbage is back already, and what a clock that stepped back has left comes back as if taken now.
local function left(place)
  local taken = tonumber(redis.call('LINDEX', key, place)) or 0
  if taken > now then taken = taken > now + window and 0 or now end
  return taken + window - now
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

local granted, wait, reset = math.max(0, limit - used), 0, 0
if granted >= asked then
  granted = asked
else
  granted = granted - granted % unit
  local place = used + granted + unit - limit - 1
  wait = place < used and left(place) or window
end

if granted > 0 then
  local taken = string.format('%d', now)
  if granted == 1 then
    redis.call('RPUSH', key, taken)
  else
    local each = {}
    for permit = 1, granted do each[permit] = taken end
    redis.call('RPUSH', key, unpack(each))
  end
  redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1)
  used, reset = used + granted, window
else
  if granted < 0 and used > 0 then
    -- Given back is what would have come back first.
    redis.call('LTRIM', key, -granted, -1)
    used = math.max(0, used + granted)
  end
  if used > 0 then
    reset = math.max(0, left(-1))
    local life = redis.call('PTTL', key)
    if life < 0 or life > window / 1000 + 1 then redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1) end
  end
end

return { granted, math.max(0, limit - used), wait, reset, now }
