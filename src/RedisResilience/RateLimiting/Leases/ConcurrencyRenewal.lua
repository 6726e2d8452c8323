-- Prolongs leases that have not ended.
-- KEYS[1] the set; ARGV: for each lease its name, its permits and its lease time in microseconds, as one argument; the time in tests or 0.
-- Returns: the leases that still stand, the first as bit 0; and four times 0.
local key, now = KEYS[1], ARGV[2] + 0
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local ended = redis.pcall('ZREMRANGEBYSCORE', key, '-inf', now)
if type(ended) ~= 'number' then
  -- Where another kind of value stands, no lease does. Whatever else is wrong, such as a server that takes no writes, may pass.
  if not string.find(ended.err, 'WRONGTYPE', 1, true) then redis.call('ZREMRANGEBYSCORE', key, '-inf', now) end
  return struct.pack('>lllll', 0, 0, 0, 0, 0)
end
local standing, bit, longest = 0, 1, 0
for place = 1, #ARGV[1], 24 do
  local name, permits, lease = struct.unpack('>lll', ARGV[1], place)
  local member = string.format('%d:%d', name, lease)
  if redis.call('ZSCORE', key, member) then
    local ends = string.format('%d', now + lease)
    redis.call('ZADD', key, ends, member)
    for permit = 1, permits - 1 do redis.call('ZADD', key, ends, member .. ':' .. permit) end
    standing = standing + bit
    if lease > longest then longest = lease end
  end
  bit = bit * 2
end
if longest > 0 and redis.call('PTTL', key) < longest / 1000 then redis.call('PEXPIRE', key, math.ceil(longest / 500)) end
return struct.pack('>lllll', standing, 0, 0, 0, 0)
