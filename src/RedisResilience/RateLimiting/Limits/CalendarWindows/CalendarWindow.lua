-- Permits of a day or a month. One key: the count and the window's end, two numbers as text.
-- KEYS[1] the state; ARGV: the limit's permits and two borders of the calendar in microseconds, as one argument; and, if it is not 1, the
-- permits asked for (0 looks, fewer give back); how many times at most, 0, in tests the time, and for permits that go back when their window
-- ends, in microseconds and packed.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when the window ends, and the time.
local limit, first, second = struct.unpack('>lll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now = unit, 0
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Whatever is no state of ours is no window: the next permit writes over it.
local stored = redis.pcall('GET', KEYS[1])
local count, ends, repaired = 0, calendar_end(now, first, second), false
if type(stored) == 'string' and #stored <= 32 then
  local kept, till = string.match(stored, '^(%d+) (%d+)$')
  if kept then count, ends, repaired = calendar_read(kept + 0, till + 0, now, ends) end
end

-- A window is known by its end. Nothing goes back to another one.
if ARGV[6] and math.abs(ends - struct.unpack('>l', ARGV[6])) > 5000000 then asked = 0 end

local free = limit - count
if free < 0 then free = 0 end
local granted = asked
if granted > free then granted = free - free % unit end
if granted < -count then granted = -count end
count = count + granted

if granted ~= 0 or repaired then
  if count > 0 then
    -- Redis counts the life of a key in milliseconds: it must not end before its window.
    local life = math.ceil((ends - now) / 1000) + 1
    redis.call('PSETEX', KEYS[1], string.format('%d', life), string.format('%d %d', count, ends))
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil((ends - now) / 1000) + 1)
end

free = limit - count
if free < 0 then free = 0 end
return struct.pack('>lllll', granted, free, granted < asked and ends - now or 0, count > 0 and ends - now or 0, now)
