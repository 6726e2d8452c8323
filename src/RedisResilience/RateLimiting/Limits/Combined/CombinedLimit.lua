-- Several limits on one key, all or nothing. Before this stand the scripts of the states of its kinds.
-- KEYS[1] the state, an array in MessagePack: the time, and for each limit what it has taken: of a fixed window { count, end }, of a sliding window and of a log what
-- they are by themselves, of a token bucket the nanoseconds that it took at that time to be full.
-- ARGV: for each limit three numbers, as one argument: two parameters, and the segments of a sliding window, 0 for a token bucket, -1 for a fixed window, -2
-- for a log; and, if it is not 1, the permits asked for (0 looks, fewer give back); how many times at most, until when permits may go back (microseconds, 0 for
-- always), and in tests the time.
-- Returns: permits granted, three times 0, the time, and for each limit: permits left, in microseconds when to ask it again for what is lacking, and when it is free.
local last = #ARGV[1] / 24
local limits = { struct.unpack(string.sub('>llllllllllllllllllllllll', 1, 1 + 3 * last), ARGV[1]) }
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, before, now = unit, 0, 0
if ARGV[3] then asked, before, now = unit * ARGV[3], ARGV[4] + 0, ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

if asked < 0 and before > 0 and now >= before then asked = 0 end

local stored, kept, passed = redis.pcall('GET', KEYS[1]), {}, 0
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  if read and type(value) == 'table' and type(value[1]) == 'number' then kept, passed = value, (now - value[1]) * 1000 end
end

-- Where each limit stands. The table is as long as it can get: to let it grow costs more than all that is done with it.
local states, granted = { now, 0, 0, 0, 0, 0, 0, 0, 0 }, asked
for place = 1, last do
  local at, state, available = 3 * place, kept[place + 1], 0
  local a, b, kind = limits[at - 2], limits[at - 1], limits[at]
  if kind == 0 then
    state = state and type(state) == 'number' and state - passed or 0
    if not (state > 0) then state = 0 elseif state > b then state = b end
    available = b - state
    available = (available - available % a) / a
  elseif kind > 0 then
    state = window_read(state, now, b, kind)
    available = a - state[4]
  elseif kind == -1 then
    if type(state) ~= 'table' or #state ~= 2 or type(state[1]) ~= 'number' or type(state[2]) ~= 'number' or not (state[2] > now) then state = { 0, 0 } end
    if state[2] > now + b then state[2] = now + b end
    available = a - state[1]
  else
    local log, back = log_read(state, b, now)
    state = string.sub(log, back * 8 + 1)
    available = a - #state / 8
  end
  if granted > 0 and available < granted then granted = available > 0 and available or 0 end
  states[place + 1] = state
end
if granted < asked then granted = granted - granted % unit end

-- Takes, and has each one say what is left of it and, if it is one that does not give the next unit, when it will.
local lacks, free_at = granted < asked, 0
for place = 1, last do
  local at, state, available, wait, reset = 3 * place, states[place + 1], 0, 0, 0
  local a, b, kind = limits[at - 2], limits[at - 1], limits[at]
  if kind == 0 then
    state = state + granted * a
    if state < 0 then state = 0 end
    available = b - state
    available = (available - available % a) / a
    reset = math.ceil(state / 1000)
    if lacks and available < unit then wait = math.ceil((state + unit * a - b) / 1000) end
  elseif kind > 0 then
    available = a - state[4] - granted
    reset, wait = window_take(state, granted, kind, now, lacks and available < unit and unit - a)
    available = a - state[4]
  elseif kind == -1 then
    if granted ~= 0 and state[1] == 0 then state[2] = now + b end
    state[1] = state[1] + granted
    if state[1] <= 0 then state[1], state[2] = 0, now end
    available, reset = a - state[1], state[2] - now
    if lacks and available < unit then wait = reset end
  else
    if granted > 0 then
      state = state .. string.rep(struct.pack('>l', now), granted)
    elseif granted < 0 then
      state = string.sub(state, -8 * granted + 1)
    end
    local taken = #state / 8
    available = a - taken
    if taken > 0 then reset = log_frees(state, taken - 1, b, now) end
    if lacks and available < unit then
      local oldest = taken + unit - a - 1
      wait = oldest < taken and log_frees(state, oldest, b, now) or b
    end
  end
  if available < 0 then available = 0 end
  if reset > free_at then free_at = reset end
  states[place + 1], limits[at - 2], limits[at - 1], limits[at] = state, available, wait, reset
end

if granted ~= 0 then
  if free_at > 0 then
    for place = last + 2, 9 do states[place] = nil end
    redis.call('PSETEX', KEYS[1], string.format('%d', math.ceil(free_at / 1000) + 1), cmsgpack.pack(states))
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(free_at / 1000) + 1)
end
return struct.pack(string.sub('>lllllllllllllllllllllllllllll', 1, 6 + 3 * last), granted, 0, 0, 0, now, unpack(limits, 1, 3 * last))
