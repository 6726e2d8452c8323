-- A token bucket. Before this stands the script of its state.
-- KEYS[1] the state; ARGV: nanoseconds from token to token, nanoseconds to fill the bucket, the permits asked for (0 looks, fewer give back),
-- and, if they are not the usual ones, how many times at most, how many microseconds ahead may be booked, and in tests the time.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking (or until the booked time) and when the bucket is full,
-- and the time.
local interval, capacity, unit = ARGV[1] + 0, ARGV[2] + 0, ARGV[3] + 0
local asked, ahead, now = unit, 0, 0
if ARGV[4] then asked, ahead, now = unit * ARGV[4], ARGV[5] + 0, ARGV[6] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Another type is an error here, and an empty state: what is written next writes over it.
local stored = redis.pcall('GET', KEYS[1])
local missing = bucket_read(type(stored) == 'string' and stored, now, interval, capacity)
local free = math.floor((capacity - missing) / interval)
if free < 0 then free = 0 end

local granted, wait = asked, 0
if free < asked then
  granted = free - free % unit
  wait = math.ceil((missing + (granted + unit) * interval - capacity) / 1000)
  if wait <= ahead then granted = granted + unit end
end

if granted ~= 0 then
  missing = missing + granted * interval
  free = math.floor((capacity - missing) / interval)
  if free < 0 then free = 0 end
  if missing > 0 then
    redis.call('SET', KEYS[1], bucket_write(missing, now, interval, capacity), 'PX', math.ceil(missing / 1000000) + 1)
  else
    missing, free = 0, math.floor(capacity / interval)
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / 1000000) + 1)
end

return { granted, free, wait, math.ceil(missing / 1000), now }
