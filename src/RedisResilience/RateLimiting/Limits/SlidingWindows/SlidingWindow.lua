-- A sliding window. Before this stands the script of its state, which is kept as MessagePack.
-- KEYS[1] the state; ARGV: the limit's permits, a segment in microseconds and the segments of a window, as one argument; and, if it is not
-- 1, the permits asked for (0 looks, fewer give back); how many times at most, 0, in tests the time, and for permits that go back until
-- when they count, in microseconds and packed.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when all is free, and the time.
local limit, segment, segments = struct.unpack('>lll', ARGV[1])
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now = unit, 0
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- Another type is an error here, and an empty state: what is written next writes over it.
local stored, kept = redis.pcall('GET', KEYS[1]), nil
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  if read and type(value) == 'table' then kept = value end
end
local state, used, repaired = window_read(kept or {}, now, segment, segments)

local free, wait, reset = limit - used, 0, 0
if free < 0 then free = 0 end
local granted = asked
if free < asked then granted = free - free % unit end
-- Where nothing is taken nothing goes back: another kind of limit may count here.
if granted < 0 and used == 0 then granted = 0 end
if granted ~= 0 then
  used = used + window_take(
    state, granted, now, segment, ARGV[6] and struct.unpack('>l', ARGV[6]) - segment * segments)
  free = limit - used
  if free < 0 then free = 0 end
end
if granted < asked then wait = window_wait(state, used + unit - limit, now, segment * segments) end
if used > 0 then reset = state[1] + segment * segments - now end

if granted ~= 0 or repaired then
  if used > 0 then
    redis.call('PSETEX', KEYS[1], string.format('%d', math.ceil(reset / 1000) + 1), cmsgpack.pack(window_pack(state)))
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(reset / 1000) + 1)
end

return struct.pack('>lllll', granted, free, wait, reset, now)
