-- Gives a lease back. KEYS[1] the set; ARGV: its permits, the lease.
-- Returns: 1 if it had not ended, and four times 0.
local found = redis.pcall('ZREM', KEYS[1], ARGV[2])
if type(found) ~= 'number' then return struct.pack('>lllll', 0, 0, 0, 0, 0) end
for permit = 1, struct.unpack('>l', ARGV[1]) - 1 do redis.call('ZREM', KEYS[1], string.format('%s.%d', ARGV[2], permit)) end
return struct.pack('>lllll', found, 0, 0, 0, 0)
