-- A sliding log. Before this stands the script of its state.
-- KEYS[1] the log; ARGV: the limit's permits and the window in microseconds, as one argument; and, if it is not 1, the permits asked for (0
-- looks, fewer give back); how many times at most, 0, in tests the time, and for permits that go back until when they count, in
-- microseconds and packed.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when all is free, and the time.
local limit, window = struct.unpack('>ll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now = unit, 0
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Another type is an error here, and an empty log: what is written next writes over it.
local log, back, repaired = log_read(redis.pcall('GET', KEYS[1]), window, now, limit - asked)
-- What has been taken since is somebody else's.
if ARGV[6] then asked = math.max(asked, back - log_count(log, struct.unpack('>l', ARGV[6]) - window)) end
local used, life = #log / 8 - back, string.format('%d', math.ceil(window / 1000) + 1)

local free, granted, wait, reset = limit - used, asked, 0, 0
if free < 0 then free = 0 end
if free < asked then
  granted = free - free % unit
  local place = used + granted + unit - limit - 1
  wait = place < used and log_frees(log, back + place, window, now) or window
end

if granted > 0 then
  local taken = struct.pack('>l', now)
  if granted > 1 then taken = string.rep(taken, granted) end
  -- A long log is written anew only when an eighth of it has come back.
  if #log < 1024 or back > used / 8 or repaired then
    redis.call('PSETEX', KEYS[1], life, string.sub(log, back * 8 + 1) .. taken)
  else
    redis.call('APPEND', KEYS[1], taken)
    redis.call('PEXPIRE', KEYS[1], life)
  end
  used, reset = used + granted, window
elseif granted < 0 and used > 0 then
  -- Given back is what would have come back first.
  used = math.max(0, used + granted)
  if used > 0 then
    redis.call('PSETEX', KEYS[1], life, string.sub(log, -8 * used))
  else
    redis.call('DEL', KEYS[1])
  end
elseif repaired then
  if used > 0 then
    redis.call('PSETEX', KEYS[1], life, string.sub(log, back * 8 + 1))
  else
    redis.call('DEL', KEYS[1])
  end
else
  local left = redis.call('PTTL', KEYS[1])
  if left == -1 or left > life + 0 and used > 0 then redis.call('PEXPIRE', KEYS[1], life) end
end
if granted <= 0 and used > 0 then reset = log_frees(log, #log / 8 - 1, window, now) end

free = limit - used
if free < 0 then free = 0 end
return struct.pack('>lllll', granted, free, wait, reset, now)
