-- A window that opens with the first hit. One key: the count, which ends with its window.
-- KEYS[1] the count; ARGV: the limit's permits and the window in ms, as one argument; and, if it is not 1, the permits asked for (0 looks,
-- fewer give back); how many times at most, 0, in tests the time, and for permits that go back when their window ends, in microseconds and
-- packed.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when the window ends, and the time
-- where a clock was asked: for what goes back.
local limit, window = struct.unpack('>ll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked = unit
if ARGV[3] then asked = unit * ARGV[3] end
local count, left, now = 0, 0, 0

-- Whatever is not a count of ours (another type, garbage) is no window: the next permit writes over it.
local stored = redis.pcall('GET', KEYS[1])
if stored then
  left = redis.call('PTTL', KEYS[1])
  if type(stored) == 'string' and #stored < 16 and string.find(stored, '^%d+$') then count = tonumber(stored) end
  -- A count without an end would lock its key out for ever; one that ends later than the limit now says, for too long.
  -- What another kind of limit keeps here is left as it is.
  if left < 0 or left > window and count > 0 then
    redis.call('PEXPIRE', KEYS[1], math.floor(window))
    left = window
  end
  -- In its last millisecond the window still stands.
  if left == 0 then left = 1 end
  if count == 0 then left = 0 end
end

-- A window is known by its end, which is told as exactly as clocks and round trips allow. Nothing goes back to another one.
if ARGV[6] then
  now = ARGV[5] + 0
  if now == 0 then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
  end
  if math.abs(now + left * 1000 - struct.unpack('>l', ARGV[6])) > math.min(window * 500, 5000000) then asked = 0 end
end

local free = limit - count
if free < 0 then free = 0 end
local granted = asked
if granted > free then granted = free - free % unit end
if granted < -count then granted = -count end
if granted ~= 0 then
  if count > 0 then
    count = redis.call('INCRBY', KEYS[1], string.format('%d', granted))
    -- Only where scripts do not run alone can others have been here meanwhile: what is too much goes back.
    if granted > 0 and count > limit then
      count = redis.call('DECRBY', KEYS[1], math.floor(granted))
      granted = 0
    end
  else
    redis.call('PSETEX', KEYS[1], string.format('%d', window), string.format('%d', granted))
    count, left = granted, window
  end
  free = limit - count
elseif not stored and redis.call('PTTL', KEYS[1]) == -1 then
  -- A server that has no string here may have something else.
  redis.call('PEXPIRE', KEYS[1], math.floor(window))
end
if free < 0 then free = 0 end

-- Redis lets a key live through the millisecond it ends in; one later it is certain to be gone.
return struct.pack('>lllll', granted, free, granted < asked and left * 1000 + 1000 or 0, left * 1000, now)
