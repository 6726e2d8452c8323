-- Notes what somebody else's API has said about itself, as UpstreamTake.lua has it. While it is closed, only a later end counts: what says that there is something left was said before.
-- KEYS[1] the number; ARGV: the longest time in milliseconds (packed), what is left, in milliseconds how long that holds, and twice 0.
-- Returns: in milliseconds how long what was said holds now, and four times 0.
local longest = struct.unpack('>l', ARGV[1])
local remaining, lasts = ARGV[2] + 0, math.min(ARGV[3] + 0, longest)
local said = redis.pcall('GET', KEYS[1])
if type(said) == 'table' then
  redis.call('DEL', KEYS[1])
  said = false
end

local left, ends = said and tonumber(said), redis.call('PTTL', KEYS[1])
if left and ends > 0 and ends <= longest then
  if left <= 0 then
    if remaining > 0 or ends >= lasts then return struct.pack('>lllll', ends, 0, 0, 0, 0) end
  elseif remaining > 0 and lasts <= ends + 1000 then
    -- The same time is meant, and others may have taken of it since.
    remaining, lasts = math.min(remaining, left), ends
  end
end

redis.call('SET', KEYS[1], string.format('%d', remaining), 'PX', string.format('%d', lasts))
return struct.pack('>lllll', lasts, 0, 0, 0, 0)
