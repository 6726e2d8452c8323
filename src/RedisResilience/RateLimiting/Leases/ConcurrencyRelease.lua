-- Gives a lease back. KEYS[1] the set; ARGV: the lease, its permits.
-- Returns: 1 if it had not ended, and four times 0.
local found = redis.pcall('ZREM', KEYS[1], ARGV[1])
if type(found) ~= 'number' then return { 0, 0, 0, 0, 0 } end
for permit = 1, tonumber(ARGV[2]) - 1 do redis.call('ZREM', KEYS[1], ARGV[1] .. '.' .. permit) end
return { found, 0, 0, 0, 0 }
