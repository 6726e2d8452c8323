-- A window that opens with the first hit. One key: the count, which ends with its window.
-- KEYS[1] the count; ARGV: the limit's permits, the window in ms, the permits asked for (0 only looks).
-- Returns: 1 or 0 for allowed, the count afterwards, ms until the window ends (0: none is open).
local limit, window, asked = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count, left = 0, 0

-- Whatever is not a count of ours (another type, garbage) is no window: the next permit writes over it.
local stored = redis.pcall('GET', KEYS[1])
if type(stored) == 'string' and #stored < 16 and string.find(stored, '^%d+$') then
  count = tonumber(stored)
  left = redis.call('PTTL', KEYS[1])
  -- A count without an end would lock its key out for ever; one that ends later than the limit now says, for too long.
  if left < 0 or left > window then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    left = window
  end
  -- In its last millisecond the window still stands.
  if left == 0 then left = 1 end
end

local allowed = count + asked <= limit
if allowed and asked > 0 then
  if left > 0 then
    redis.call('INCRBY', KEYS[1], ARGV[3])
  else
    redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
    left = window
  end
  count = count + asked
end

return { allowed and 1 or 0, count, left }
