-- Several limits on one key, all or nothing. Before this stand the scripts of the states of its kinds.
-- KEYS[1] the state, an array in MessagePack: of a fixed window { count, end }, of a sliding window and of a token bucket what they are by themselves.
-- ARGV: how many limits; for each its kind (1 fixed window, 2 sliding window, 3 token bucket) and three parameters; the permits asked for (0 looks,
-- fewer give back); and, if they are not the usual ones, how many times at most, until when permits may go back (microseconds, 0 for always), and in tests the time.
-- Returns: permits granted, permits left, in microseconds when to ask again for what is lacking and when all is free, the time,
-- the index of the binding limit, and for each limit: permits left, when to ask it again, when it is free.
local parts = ARGV[1] + 0
local call = 4 * parts + 2
local unit = ARGV[call] + 0
local asked, before, now = unit, 0, 0
if ARGV[call + 1] then asked, before, now = unit * ARGV[call + 1], ARGV[call + 2] + 0, ARGV[call + 3] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

if asked < 0 and before > 0 and now >= before then asked = 0 end

local stored = redis.pcall('GET', KEYS[1])
local kept
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  if read and type(value) == 'table' then kept = value end
end

-- Where each part stands.
local states, free, periods, granted, life = {}, {}, {}, asked, 0
for part = 1, parts do
  local at = 4 * part - 2
  local kind, a, b = ARGV[at], ARGV[at + 1] + 0, ARGV[at + 2] + 0
  local state = kept and kept[part]
  local available, longest
  if kind == '1' then
    if type(state) ~= 'table' or #state ~= 2 or type(state[1]) ~= 'number' or type(state[2]) ~= 'number' or not (state[2] > now) then state = { 0, 0 } end
    if state[2] > now + b then state[2] = now + b end
    available, longest = a - state[1], b
  elseif kind == '2' then
    local segments = ARGV[at + 3] + 0
    state = window_read(type(state) == 'table' and #state ~= 2 and state, math.floor(now / b), b, segments)
    available, longest = a - state[3], (segments + 1) * b
  else
    state = bucket_read(type(state) == 'string' and state, now, a, b)
    available, longest = math.floor((b - state) / a), b / 1000
  end
  if available < 0 then available = 0 end
  states[part], free[part], periods[part] = state, available, b
  if available < granted then granted = available end
  if longest > life then life = longest end
end
if granted < asked then granted = granted - granted % unit end

-- What each part says, before and after.
local reply, binding, texts, wait, reset, left = { granted, 0, 0, 0, now, 0 }, 1, {}, 0, 0, nil
local lacking = granted < asked and granted + unit or 0
for part = 1, parts do
  local at = 4 * part - 2
  local kind, a, b = ARGV[at], ARGV[at + 1], periods[part]
  local state, available, part_wait, part_reset = states[part], free[part], 0, 0
  local denies = lacking > available
  if kind == '1' then
    if granted ~= 0 and state[1] == 0 then state[2] = now + b end
    if denies then part_wait = state[2] - now end
    if granted ~= 0 then
      state[1] = math.max(0, state[1] + granted)
      if state[1] == 0 then state[2] = 0 end
      available = a - state[1]
    end
    part_reset = math.max(0, state[2] - now)
  elseif kind == '2' then
    local segments = ARGV[at + 3] + 0
    if denies then part_wait = window_wait(state, state[3] + lacking - a, granted, segments, now) end
    if granted ~= 0 then
      window_take(state, granted)
      available = a - state[3]
    end
    part_reset = window_reset(state, segments, now)
  else
    if denies then part_wait = math.ceil((state + lacking * a - b) / 1000) end
    if granted ~= 0 then
      state = math.max(0, state + granted * a)
      available = math.floor((b - state) / a)
    end
    part_reset = math.ceil(state / 1000)
    state = bucket_write(state, now, a, b)
  end
  if available < 0 then available = 0 end
  texts[part] = state
  local place = 3 * part + 4
  reply[place], reply[place + 1], reply[place + 2] = available, part_wait, part_reset
  if part_wait > wait or part_wait == wait and available < reply[3 * binding + 4] then binding = part end
  if part_wait > wait then wait = part_wait end
  if part_reset > reset then reset = part_reset end
  if not left or available < left then left = available end
end
reply[2], reply[3], reply[4], reply[6] = left, wait, reset, binding - 1

if granted ~= 0 then
  if reset > 0 then
    redis.call('SET', KEYS[1], cmsgpack.pack(texts), 'PX', math.ceil(reset / 1000) + 1)
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(life / 1000) + 1)
end
return reply
