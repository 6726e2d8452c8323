-- Several limits on one key, all or nothing. Before this stand the scripts of the states of its kinds.
-- KEYS[1] the state, an array in MessagePack: the time, and for each limit what it has taken: of a fixed window { count, end }, of a sliding window and of a log what
-- they are by themselves, of a token bucket the nanoseconds that it took at that time to be full.
-- ARGV: for each limit three numbers, as one argument: two parameters, and the segments of a sliding window, 0 for a token bucket, -1 for a fixed window, -2
-- for a log; the permits asked for (0 looks, fewer give back); and, if they are not the usual ones, how many times at most, until when permits may go back
-- (microseconds, 0 for always), and in tests the time.
-- Returns: permits granted, three times 0, the time, and for each limit: permits left, in microseconds when to ask it again for what is lacking, and when it is free.
local limits = { cmsgpack.unpack(ARGV[1]) }
local unit = ARGV[2] + 0
local asked, before, now = unit, 0, 0
if ARGV[3] then asked, before, now = unit * ARGV[3], ARGV[4] + 0, ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

if asked < 0 and before > 0 and now >= before then asked = 0 end

local stored, kept, passed = redis.pcall('GET', KEYS[1]), nil, 0
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  if read and type(value) == 'table' and type(value[1]) == 'number' then kept, passed = value, (now - value[1]) * 1000 end
end

-- Where each limit stands. The tables are as long as they can get: to let them grow costs more than all that is done with them.
local states, free, last = { now, 0, 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0, 0 }, #limits / 3
local granted, life = asked, 0
for place = 1, last do
  local a, b, kind = limits[3 * place - 2], limits[3 * place - 1], limits[3 * place]
  local state, available, longest = kept and kept[place + 1], 0, b
  if kind == 0 then
    state = type(state) == 'number' and state - passed or 0
    if not (state > 0) then state = 0 elseif state > b then state = b end
    available, longest = math.floor((b - state) / a), b / 1000
  elseif kind > 0 then
    state, longest = window_read(type(state) == 'table' and #state ~= 2 and state, math.floor(now / b), b, kind), (kind + 1) * b
    available = a - state[3]
  elseif kind == -1 then
    if type(state) ~= 'table' or #state ~= 2 or type(state[1]) ~= 'number' or type(state[2]) ~= 'number' or not (state[2] > now) then state = { 0, 0 } end
    if state[2] > now + b then state[2] = now + b end
    available = a - state[1]
  else
    local log, back = log_read(state, b, now)
    state = string.sub(log, back * 8 + 1)
    available = a - #state / 8
  end
  if available < 0 then available = 0 end
  if available < granted then granted = available end
  if longest > life then life = longest end
  states[place + 1], free[place] = state, available
end
if granted < asked then granted = granted - granted % unit end

-- What each one says, before and after.
local lacking, free_at = granted < asked and granted + unit or 0, 0
for place = 1, last do
  local a, b, kind = limits[3 * place - 2], limits[3 * place - 1], limits[3 * place]
  local state, available, wait, reset = states[place + 1], free[place], 0, 0
  local denies = lacking > available
  if kind == 0 then
    if denies then wait = math.ceil((state + lacking * a - b) / 1000) end
    if granted ~= 0 then
      state = state + granted * a
      if state < 0 then state = 0 end
      available = math.floor((b - state) / a)
    end
    reset = math.ceil(state / 1000)
  elseif kind > 0 then
    reset = window_take(state, granted, kind, now)
    available = a - state[3]
    if denies then wait = window_wait(state, unit - available, kind, now) end
  elseif kind == -1 then
    if granted ~= 0 and state[1] == 0 then state[2] = now + b end
    if denies then wait = state[2] - now end
    state[1] = state[1] + granted
    if state[1] <= 0 then state[1], state[2] = 0, now end
    available, reset = a - state[1], state[2] - now
  else
    if denies then
      local oldest = #state / 8 + lacking - a - 1
      wait = oldest < #state / 8 and log_frees(state, oldest, b, now) or b
    end
    if granted > 0 then
      state = state .. string.rep(struct.pack('>l', now), granted)
    elseif granted < 0 then
      state = string.sub(state, -8 * granted + 1)
    end
    available = a - #state / 8
    if state ~= '' then reset = log_frees(state, #state / 8 - 1, b, now) end
  end
  if available < 0 then available = 0 end
  if reset > free_at then free_at = reset end
  states[place + 1] = state
  limits[3 * place - 2], limits[3 * place - 1], limits[3 * place] = available, wait, reset
end

if granted ~= 0 then
  if free_at > 0 then
    for place = last + 2, #states do states[place] = nil end
    redis.call('SET', KEYS[1], cmsgpack.pack(states), 'PX', math.ceil(free_at / 1000) + 1)
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(life / 1000) + 1)
end
return struct.pack(string.sub('>lllllllllllllllllllllllllllll', 1, 6 + 3 * last), granted, 0, 0, 0, now, unpack(limits))
