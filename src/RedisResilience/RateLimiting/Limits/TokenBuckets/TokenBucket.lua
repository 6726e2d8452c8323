-- A token bucket. Before this stands the script of its state.
-- KEYS[1] the state: when it was written in microseconds, what was missing then and the nanoseconds from token to token, eight bytes each;
-- where there is an excess or more was missing than the bucket holds, also the excess and the nanoseconds to fill the bucket; and a byte
-- more, so that it is never taken for a log.
-- ARGV: nanoseconds from token to token and nanoseconds to fill the bucket, as one argument; and, if it is not 1, the permits asked for
-- (0 looks, fewer give back); how many times at most, how many microseconds ahead may be booked, in tests the time, and for permits that go
-- back when they were taken, in microseconds and packed.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking (or until the booked time) and when the
-- bucket is full, and the time.
local interval, capacity = struct.unpack('>ll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, ahead, now = unit, 0, 0
if ARGV[3] then asked, ahead, now = unit * ARGV[3], ARGV[4] + 0, ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Another type is an error here, and an empty state: what is written next writes over it. A clock that was set back is forgotten with the
-- next write.
local stored, missing, excess, repaired = redis.pcall('GET', KEYS[1]), 0, 0, false
if type(stored) == 'string' and string.byte(stored, -1) == 2 then
  if #stored == 25 then
    local at, was, of = struct.unpack('>lll', stored)
    missing, excess = bucket_read(was, of, 0, was, (now - at) * 1000, interval, capacity)
    repaired = at > now
  elseif #stored == 41 then
    local at, was, of, beyond, capacity_of = struct.unpack('>lllll', stored)
    missing, excess = bucket_read(was, of, beyond, capacity_of, (now - at) * 1000, interval, capacity)
    repaired = at > now
  end
end
local free = capacity - missing
free = free > 0 and (free - free % interval) / interval or 0

local granted, wait = asked, 0
if free < asked then
  granted = free - free % unit
  wait = math.ceil((missing + (granted + unit) * interval - capacity) / 1000)
  if wait <= ahead then granted = granted + unit end
end

-- Where nothing is missing nothing goes back: another kind of limit may count here.
if granted < 0 and missing + excess == 0 then granted = 0 end
if granted ~= 0 then
  local change = granted * interval
  -- What may have flowed in again since it was taken stays taken.
  if ARGV[6] then change = math.min(0, change + math.max(0, now - struct.unpack('>l', ARGV[6])) * 1000) end
  missing = missing + change
  if missing < 0 then missing = 0 end
  free = capacity - missing
  free = free > 0 and (free - free % interval) / interval or 0
end
if granted ~= 0 or repaired then
  local left = missing + excess
  if left == 0 then
    redis.call('DEL', KEYS[1])
  else
    local state
    if excess == 0 and missing <= capacity then
      state = struct.pack('>lllB', now, missing, interval, 2)
    else
      state = struct.pack('>lllllB', now, missing, interval, excess, capacity, 2)
    end
    redis.call('PSETEX', KEYS[1], string.format('%d', math.ceil(left / 1000000) + 1), state)
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / 1000000) + 1)
end

return struct.pack('>lllll', granted, free, wait, math.ceil(missing / 1000), now)
