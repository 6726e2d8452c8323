-- Several limits on one key, all or nothing. Before this stand the functions of its kinds; where it says READ and TAKE, what each kind does
-- there, as branches of one if: to a server, a function that is made and called costs more than all that it does.
-- KEYS[1] the state, in numbers of eight bytes: the time; how many limits there are, and of each the kind, four bits each; for each limit
-- two numbers of its own, x and y; and behind them for those whose kind has its lowest bit set as many bytes as x says.
-- ARGV: for each limit four numbers, as one argument: its kind and three parameters; and, if it is not 1, the permits asked for (0 looks,
-- fewer give back); how many times at most, 0, in tests the time, and for permits that go back until when they count with each limit, in
-- microseconds and packed.
-- Returns: permits granted, three times 0, the time, and for each limit: permits left, in microseconds when to ask it again for what is
-- lacking, and when it is free.
local numbers, ceil = '>llllllllllllllllllllllllllllllllllll', math.ceil
local last = #ARGV[1] / 32
local limits = { struct.unpack(string.sub(numbers, 1, 1 + 4 * last), ARGV[1]) }
local unit = ARGV[2] and ARGV[2] + 0 or 1
local asked, now, tills = unit, 0, ARGV[6]
if ARGV[3] then asked, now = unit * ARGV[3], ARGV[5] + 0 end
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local stored, states, count, kinds, behind, passed, repaired = redis.pcall('GET', KEYS[1]), nil, 0, 0, 0, 0, false
if type(stored) == 'string' and #stored >= 16 then
  local time, all = struct.unpack('>ll', stored)
  local there = all % 16
  if time >= 0 and time < 9007199254740992 and all >= 0 and all < 68719476736 and there <= 8 and #stored >= 16 + 16 * there then
    count, states = there, { struct.unpack(string.sub(numbers, 1, 1 + 2 * there), stored, 17) }
    kinds, behind, passed = (all - there) / 16, 17 + 16 * there, now - time
    if passed < 0 then passed, repaired = 0, true end
  end
end
-- As long as it can get: to let a table grow costs more than all that is done with it.
if not states then states = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } end

-- Where each limit stands. A kind is given its parameters a, b and c and what it has kept, x, y and the bytes behind them; nothing, where
-- another kind has. It says how many permits are available, and changes x and y to what it likes to know below.
-- What another combination has taken is not given back by this one, and stays until this one takes.
local granted, others = asked, count == 0 or count > last
for place = 1, last do
  local at, of, available, kept, more = 4 * place, 2 * place, 0, place <= count and kinds % 16 or 0, nil
  local kind, a, b, c, x, y = limits[at - 3], limits[at - 2], limits[at - 1], limits[at], states[of - 1], states[of]
  kinds = (kinds - kept) / 16
  if kept % 2 == 1 then
    if x < 0 or x > #stored then x = 0 end
    kept, more = kept - 1, string.sub(stored, behind, behind + x - 1)
    behind = behind + x
  end
  if kept ~= kind then
    x, y, more = 0, 0, nil
    others = others or kept > 0
  end
  -- READ
  if granted > 0 and available < granted then granted = available > 0 and available or 0 end
  states[of - 1], states[of] = x, y
end
if granted < asked then granted = granted - granted % unit end
if others and granted < 0 then granted = 0 end

-- Takes. A kind says what is available now, when all of it is, and how long it has to be kept; if it is one that does not give the next
-- unit, when it will; and what is kept of it.
local lacks, writes, life, head, place_of, tail = granted < asked, granted ~= 0 or repaired and not others, 0, last, 16, ''
for place = 1, last do
  local at, of, available, wait, reset, lives, more = 4 * place, 2 * place, 0, 0, 0, 0, nil
  local kind, a, b, c, x, y, taken = limits[at - 3], limits[at - 2], limits[at - 1], limits[at], states[of - 1], states[of], granted
  local till = tills and struct.unpack('>l', tills, 8 * place - 7)
  -- TAKE
  if lives > life then life = lives end
  if more then x, kind, tail = #more, kind + 1, tail .. more end
  head, place_of = head + kind * place_of, place_of * 16
  -- What is told stands before all parameters that are still to be read.
  at = 3 * place
  states[of - 1], states[of], limits[at - 2], limits[at - 1], limits[at] = x, y, available > 0 and available or 0, wait, reset
end

if writes then
  if life > 0 then
    local state = struct.pack(string.sub(numbers, 1, 3 + 2 * last), now, head, unpack(states, 1, 2 * last)) .. tail
    redis.call('PSETEX', KEYS[1], string.format('%d', ceil(life / 1000) + 1), state)
  else
    redis.call('DEL', KEYS[1])
  end
elseif redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('PEXPIRE', KEYS[1], ceil(life / 1000) + 1)
end
return struct.pack(string.sub(numbers, 1, 6 + 3 * last), granted, 0, 0, 0, now, unpack(limits, 1, 3 * last))
