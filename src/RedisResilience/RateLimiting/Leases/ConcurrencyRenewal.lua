-- Prolongs leases that have not ended.
-- KEYS[1] the set; ARGV: the lease time in microseconds, the time in tests or 0, and for each lease its name and its permits.
-- Returns: the leases that still stand, the first as bit 0; and four times 0.
local key, lease, now = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

if type(redis.pcall('ZREMRANGEBYSCORE', key, '-inf', string.format('%d', now))) ~= 'number' then return { 0, 0, 0, 0, 0 } end
local ends, standing, bit = string.format('%d', now + lease), 0, 1
for place = 3, #ARGV - 1, 2 do
  if redis.call('ZSCORE', key, ARGV[place]) then
    redis.call('ZADD', key, ends, ARGV[place])
    for permit = 1, tonumber(ARGV[place + 1]) - 1 do redis.call('ZADD', key, ends, ARGV[place] .. '.' .. permit) end
    standing = standing + bit
  end
  bit = bit * 2
end
if standing > 0 and redis.call('PTTL', key) < lease / 1000 then redis.call('PEXPIRE', key, math.ceil(lease / 500)) end
return { standing, 0, 0, 0, 0 }
