-- Takes of what somebody else's API has said that it has left: a number, which ends when that is over. Where there is none, nothing was said.
-- KEYS[1] the number; ARGV: the longest time in milliseconds (packed), and how much is asked for (absent: 1; 0 looks).
-- Returns: 1 it may be, 0 it may not; in milliseconds, how long what was said still holds; what is left; and twice 0.
local longest, permits = struct.unpack('>l', ARGV[1]), tonumber(ARGV[2] or '1')
local said = redis.pcall('GET', KEYS[1])
if type(said) == 'table' then
  redis.call('DEL', KEYS[1])
  return struct.pack('>lllll', 1, 0, 0, 0, 0)
end

local left, ends = said and tonumber(said), redis.call('PTTL', KEYS[1])
if not left or ends < 0 or ends > longest then
  redis.call('DEL', KEYS[1])
  return struct.pack('>lllll', 1, 0, 0, 0, 0)
end

if left < math.max(permits, 1) then return struct.pack('>lllll', 0, ends, math.max(left, 0), 0, 0) end
if permits > 0 then redis.call('DECRBY', KEYS[1], permits) end
return struct.pack('>lllll', 1, ends, 0, 0, 0)
