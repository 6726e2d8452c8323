-- A token bucket as one integer, the time when it will be full: in microseconds if that is a whole number of them, else in nanoseconds.
-- Lua counts exactly to 2^53, which are 104 days of nanoseconds: only times from now are ever one number of them.

-- Nanoseconds until the bucket is full. No more is missing than it holds, unless it was booked ahead by this very limit, which then stands behind the time.
local function bucket_read(stored, now, interval, capacity)
  local full, missing = tonumber(stored), 0
  if full and full < 1e16 then
    missing = (full - now) * 1000
  elseif stored then
    local micros, nanos, booked = string.match(stored, '^(%d+)(%d%d%d)(.*)$')
    if micros then missing = (micros - now) * 1000 + nanos end
    if booked == string.format(' %d %d', interval, capacity) then return math.max(0, missing) end
  end
  if missing < 0 then return 0 end
  if missing > capacity then return capacity end
  return missing
end

local function bucket_write(missing, now, interval, capacity)
  if missing > capacity then
    return string.format('%d%03d %d %d', now + math.floor(missing / 1000), missing % 1000, interval, capacity)
  elseif missing % 1000 > 0 then
    return string.format('%d%03d', now + math.floor(missing / 1000), missing % 1000)
  end
  return string.format('%d', now + missing / 1000)
end
