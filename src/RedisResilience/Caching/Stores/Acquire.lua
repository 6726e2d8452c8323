-- Takes the right to fill an entry.
-- KEYS: the entry, its lease; ARGV: a token, the lease's time in ms, 1 to override a cool-down, the head of the entry that the caller saw.
-- Returns: 1 acquired, and in fourth place the time in ms; 2, holder, ms left: held; 3: the entry is another; 4: cooling down.
local seen = ARGV[4]
local head = redis.pcall('GETRANGE', KEYS[1], 0, math.max(#seen, 1) - 1)
-- Another type of value is no entry, and an empty one is none either.
local exists = type(head) == 'string' and head ~= ''
if exists and (seen == '' or head ~= seen) then return { 3, 0, 0, 0 } end

-- Taken first and looked at afterwards: a server that takes no writes says so, instead of having others wait for a lease that nobody can give back there.
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  local holder = tonumber(own(KEYS[2]))
  -- What is no token was written by somebody else, and is written over.
  if holder and ((holder >= 2251799813685248 and holder < 4503599627370496) or (holder == -1 and ARGV[3] ~= '1')) then
    local left = redis.call('PTTL', KEYS[2])
    if left > 0 then return { holder > 0 and 2 or 4, holder, left, 0 } end
  end

  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end

local time = redis.call('TIME')
return { 1, 0, 0, time[1] * 1000 + math.floor(time[2] / 1000) }
