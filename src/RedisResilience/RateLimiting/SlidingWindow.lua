-- A sliding window. Before this stands the script of its state, which is kept as MessagePack.
-- KEYS[1] the state; ARGV: the limit's permits, a segment in microseconds, the segments of a window, the permits asked for (0 looks, fewer give back),
-- and, if they are not the usual ones, how many times at most, until when permits may go back (microseconds, 0 for always), and in tests the time.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when all is free, and the time.
local limit, segment, segments, unit = ARGV[1] + 0, ARGV[2] + 0, ARGV[3] + 0, ARGV[4] + 0
local asked, before, now = unit, 0, 0
if ARGV[5] then asked, before, now = unit * ARGV[5], ARGV[6] + 0, ARGV[7] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

if asked < 0 and before > 0 and now >= before then asked = 0 end

-- Another type is an error here, and an empty state: what is written next writes over it.
local stored = redis.pcall('GET', KEYS[1])
local kept
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  kept = read and value
end
local state = window_read(kept, math.floor(now / segment), segment, segments)

local granted, wait = asked, 0
if state[3] + asked > limit then
  granted = math.max(0, limit - state[3])
  if granted >= asked then
    granted = asked
  else
    granted = granted - granted % unit
    wait = window_wait(state, state[3] + granted + unit - limit, granted, segments, now)
  end
end

if granted ~= 0 then window_take(state, granted) end
local reset = window_reset(state, segments, now)
if granted ~= 0 then
  if state[3] > 0 then
    redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', math.ceil(reset / 1000) + 1)
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil((segments + 1) * segment / 1000) + 1)
end

return { granted, math.max(0, limit - state[3]), wait, reset, now }
