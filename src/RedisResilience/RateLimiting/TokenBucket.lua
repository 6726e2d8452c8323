-- A token bucket. Before this stands the script of its state.
-- KEYS[1] the state; ARGV: nanoseconds from token to token, nanoseconds to fill the bucket, the permits asked for (0 looks, fewer give back),
-- and, if they are not the usual ones, the least that will do, how many microseconds ahead may be booked, and in tests the time.
-- Returns: permits granted, permits left, and in microseconds when to ask again (or until the booked time) and when the bucket is full.
local interval, capacity, asked = ARGV[1] + 0, ARGV[2] + 0, ARGV[3] + 0
local least, ahead, now = asked, 0, 0
if ARGV[4] then least, ahead, now = ARGV[4] + 0, ARGV[5] + 0, ARGV[6] + 0 end
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
  granted = free
  if free < least then
    wait = math.ceil((missing + least * interval - capacity) / 1000)
    granted = wait <= ahead and asked or 0
  end
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
elseif stored and redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / 1000000) + 1)
end

return { granted, free, wait, math.ceil(missing / 1000) }
