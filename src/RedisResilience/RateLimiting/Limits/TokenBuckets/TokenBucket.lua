-- A token bucket as one integer, the time when it will be full: in microseconds if that is a whole number of them, else in nanoseconds.
-- Lua counts exactly to 2^53, which are 104 days of nanoseconds: only times from now are ever one number of them.
-- KEYS[1] the state; ARGV: nanoseconds from token to token and nanoseconds to fill the bucket, as one argument; and, if it is not 1, the permits asked for
-- (0 looks, fewer give back); how many times at most, how many microseconds ahead may be booked, and in tests the time.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking (or until the booked time) and when the bucket is full,
-- and the time.
local interval, capacity = struct.unpack('>ll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, ahead, now = unit, 0, 0
if ARGV[3] then asked, ahead, now = unit * ARGV[3], ARGV[4] + 0, ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Nanoseconds until the bucket is full. Another type is an error here, and an empty state: what is written next writes over it.
local stored, missing = redis.pcall('GET', KEYS[1]), 0
if type(stored) == 'string' then
  local full, booked = tonumber(stored), nil
  if full and full < 1e16 then
    missing = (full - now) * 1000
  else
    local micros, nanos, limit = string.match(stored, '^(%d+)(%d%d%d)(.*)$')
    if micros then missing, booked = (micros - now) * 1000 + nanos, limit end
  end
  if missing < 0 then missing = 0 end
  -- No more is missing than it holds, unless it was booked ahead by this very limit, which then stands behind the time.
  if missing > capacity and booked ~= string.format(' %d %d', interval, capacity) then missing = capacity end
end
local free = capacity - missing
free = free > 0 and (free - free % interval) / interval or 0

local granted, wait = asked, 0
if free < asked then
  granted = free - free % unit
  wait = math.ceil((missing + (granted + unit) * interval - capacity) / 1000)
  if wait <= ahead then granted = granted + unit end
end

if granted ~= 0 then
  missing = missing + granted * interval
  if missing < 0 then missing = 0 end
  free = capacity - missing
  free = free > 0 and (free - free % interval) / interval or 0
  if missing > 0 then
    local part = missing % 1000
    local full = now + (missing - part) / 1000
    if missing > capacity then
      full = string.format('%d%03d %d %d', full, part, interval, capacity)
    elseif part > 0 then
      full = string.format('%d%03d', full, part)
    else
      full = string.format('%d', full)
    end
    redis.call('PSETEX', KEYS[1], string.format('%d', math.ceil(missing / 1000000) + 1), full)
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / 1000000) + 1)
end

return struct.pack('>lllll', granted, free, wait, math.ceil(missing / 1000), now)
