-- Several limits on one key, all or nothing. Before this stand the scripts of its kinds.
-- KEYS[1] the state, an array in MessagePack: the time, and for each limit a string that begins with its kind.
-- ARGV: for each limit four numbers, as one argument: its kind and three parameters; and, if it is not 1, the permits asked for (0 looks,
-- fewer give back); how many times at most, 0, in tests the time, and for permits that go back until when they count with each limit, in
-- microseconds and packed.
-- Returns: permits granted, three times 0, the time, and for each limit: permits left, in microseconds when to ask it again for what is
-- lacking, and when it is free.
local last = #ARGV[1] / 32
local limits = { struct.unpack(string.sub('>llllllllllllllllllllllllllllllll', 1, 1 + 4 * last), ARGV[1]) }
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now, tills = unit, 0, ARGV[6]
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local stored, kept, passed, repaired = redis.pcall('GET', KEYS[1]), {}, 0, false
if type(stored) == 'string' then
  local read, value = pcall(cmsgpack.unpack, stored)
  if read and type(value) == 'table' and type(value[1]) == 'number' and value[1] >= 0 and value[1] < 9007199254740992 then
    kept, passed = value, now - math.floor(value[1])
    if passed < 0 then passed, repaired = 0, true end
  end
end

-- Where each limit stands. What another kind of limit has left in its place is nothing. The table is as long as it can get: to let it grow
-- costs more than all
-- that is done with it.
local states, more, granted = { now, 0, 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0, 0 }, asked
for place = 1, last do
  local at, of = 4 * place, kept[place + 1]
  local state, available, isNews, besides = parts[limits[at - 3]].read(
    type(of) == 'string' and of or '', passed, now, limits[at - 2], limits[at - 1], limits[at], asked)
  repaired = repaired or isNews
  if granted > 0 and available < granted then granted = available > 0 and available or 0 end
  states[place + 1], more[place] = state, besides
end
if granted < asked then granted = granted - granted % unit end

-- Takes, and has each one say what is left of it and, if it is one that does not give the next unit, when it will.
local lacks, life = granted < asked, 0
for place = 1, last do
  local at, wait, besides = 4 * place, 0, more[place]
  local part, a, b, c = parts[limits[at - 3]], limits[at - 2], limits[at - 1], limits[at]
  local available, reset, keep, lives, state, now_besides = part.take(
    states[place + 1], granted, now, a, b, c, besides, tills and struct.unpack('>l', tills, 8 * place - 7))
  if lacks and available < unit then wait = part.wait(state, unit, now, a, b, c, now_besides or besides) end
  if lives > life then life = lives end
  -- What is told stands before all parameters that are still to be read.
  at = 3 * place
  states[place + 1], limits[at - 2], limits[at - 1], limits[at] = keep, available > 0 and available or 0, wait, reset
end

if granted ~= 0 or repaired then
  if life > 0 then
    for place = last + 2, 9 do states[place] = nil end
    redis.call('PSETEX', KEYS[1], string.format('%d', math.ceil(life / 1000) + 1), cmsgpack.pack(states))
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], math.ceil(life / 1000) + 1)
end
return struct.pack(string.sub('>lllllllllllllllllllllllllllll', 1, 6 + 3 * last), granted, 0, 0, 0, now, unpack(limits, 1, 3 * last))
