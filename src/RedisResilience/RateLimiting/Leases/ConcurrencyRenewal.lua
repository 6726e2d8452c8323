-- Prolongs leases that have not ended.
-- KEYS[1] the set; ARGV: the lease time in microseconds and for each lease its name and its permits, as one argument; the time in tests or 0.
-- Returns: the leases that still stand, the first as bit 0; and four times 0.
local key, lease, now = KEYS[1], struct.unpack('>l', ARGV[1]), ARGV[2] + 0
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

if type(redis.pcall('ZREMRANGEBYSCORE', key, '-inf', now)) ~= 'number' then return struct.pack('>lllll', 0, 0, 0, 0, 0) end
local standing, bit = 0, 1
local ends = math.floor(now + lease)
for place = 9, #ARGV[1], 16 do
  local id, permits = struct.unpack('>ll', ARGV[1], place)
  local name = string.format('%d', id)
  if redis.call('ZSCORE', key, name) then
    redis.call('ZADD', key, ends, name)
    for permit = 1, permits - 1 do redis.call('ZADD', key, ends, string.format('%s.%d', name, permit)) end
    standing = standing + bit
  end
  bit = bit * 2
end
if standing > 0 and redis.call('PTTL', key) < lease / 1000 then redis.call('PEXPIRE', key, math.ceil(lease / 500)) end
return struct.pack('>lllll', standing, 0, 0, 0, 0)
