-- Several limits on one key, all or nothing. The state is an array with the state of each, as text. Before this stand the scripts of their kinds.
-- KEYS[1] the state; ARGV: how many limits, for each its kind and three parameters, the permits asked for (0 looks, fewer give back),
-- the least that will do, a place that other limits use, and, in tests, the time.
-- Returns: permits granted, permits left, in microseconds when to ask again and when all is free, the index of the binding limit,
-- and for each limit: permits left, when to ask it again, when it is free.
local kinds = { fixed_window, sliding_window, token_bucket }
local count = tonumber(ARGV[1])
local call = 2 + 4 * count
local asked = tonumber(ARGV[call])
local least = tonumber(ARGV[call + 1] or asked)
local now = tonumber(ARGV[call + 3] or 0)

local seconds, micros
if now > 0 then
  seconds, micros = math.floor(now / 1000000), now % 1000000
else
  local time = redis.call('TIME')
  seconds, micros = tonumber(time[1]), tonumber(time[2])
end

local stored = redis.pcall('GET', KEYS[1])
local kept
if type(stored) == 'string' then
  local read, array = pcall(cmsgpack.unpack, stored)
  if read and type(array) == 'table' then kept = array end
end

local states, granted, longest = {}, asked, 1
for part = 1, count do
  local at = 4 * part - 2
  -- A part begins with its kind: what another kind has left is not for this one.
  local text = kept and kept[part]
  text = type(text) == 'string' and string.sub(text, 1, 1) == ARGV[at] and string.sub(text, 2)
  local state = kinds[tonumber(ARGV[at])](text, seconds, micros, at + 1)
  states[part] = state
  if state.available < granted then granted = state.available end
  if state.longest > longest then longest = state.longest end
end
if granted < least then granted = 0 end

local reply = { granted, 0, 0, 0, 0 }
for part = 1, count do reply[3 * part + 4] = states[part].wait(least > granted and least or 0) end

if granted ~= 0 then
  local texts, life = {}, 0
  for part = 1, count do
    local text, part_life = states[part].take(granted)
    texts[part] = text and ARGV[4 * part - 2] .. text or ''
    if text and part_life > life then life = part_life end
  end
  if life > 0 then
    redis.call('SET', KEYS[1], cmsgpack.pack(texts), 'PX', life)
  elseif stored then
    redis.call('DEL', KEYS[1])
  end
elseif stored and redis.call('PTTL', KEYS[1]) < 0 then
  redis.call('PEXPIRE', KEYS[1], longest)
end

local binding = 1
for part = 1, count do
  local remaining, wait, reset = states[part].available, reply[3 * part + 4], states[part].reset()
  reply[3 * part + 3], reply[3 * part + 5] = remaining, reset
  if wait > reply[3] then reply[3] = wait end
  if reset > reply[4] then reply[4] = reset end
  local longer = reply[3 * binding + 4]
  if wait > longer or wait == longer and remaining < states[binding].available then binding = part end
end
reply[2], reply[5] = states[binding].available, binding - 1
for part = 1, count do
  if states[part].available < reply[2] then reply[2] = states[part].available end
end
return reply
