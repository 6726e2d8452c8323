-- One limit whose state is one string. Before this stands the script of the limit's kind, which defines limit and parameters.
-- KEYS[1] the state; ARGV: the limit's parameters, the permits asked for (0 looks, fewer give back), the least that will do,
-- how many microseconds ahead may be booked, and, in tests, the time.
-- Returns: permits granted, permits left, and in microseconds when to ask again (or until the booked time) and when all is free.
local asked = tonumber(ARGV[parameters + 1])
local least = tonumber(ARGV[parameters + 2] or asked)
local ahead = tonumber(ARGV[parameters + 3] or 0)
local now = tonumber(ARGV[parameters + 4] or 0)

local seconds, micros
if now > 0 then
  seconds, micros = math.floor(now / 1000000), now % 1000000
else
  local time = redis.call('TIME')
  seconds, micros = tonumber(time[1]), tonumber(time[2])
end

-- Another type is an error here, and an empty state: what is written next writes over it.
local stored = redis.pcall('GET', KEYS[1])
local state = limit(type(stored) == 'string' and stored, seconds, micros, 1)

local granted = state.available
local wait = 0
if granted > asked then granted = asked end
if granted < least then
  wait = state.wait(least)
  granted = ahead > 0 and wait <= ahead and asked or 0
end

if granted ~= 0 then
  local text, life = state.take(granted)
  if text then
    redis.call('SET', KEYS[1], text, 'PX', life)
  elseif stored then
    redis.call('DEL', KEYS[1])
  end
elseif stored and redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], state.longest)
end

return { granted, state.available, wait, state.reset() }
