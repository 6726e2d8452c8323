-- A token bucket as one integer, the time when it will be full, in nanoseconds. Lua counts exactly to 2^53, which are 104 days of them: seconds and
-- nanoseconds are read apart, and only times from now are ever one number.
-- ARGV from at: nanoseconds from token to token, nanoseconds to fill the bucket.
local function token_bucket(stored, seconds, micros, at)
  local interval, capacity = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local nanos = micros * 1000
  local full = 0
  if stored then
    local whole, rest = tonumber(string.sub(stored, 1, -10)), tonumber(string.sub(stored, -9))
    if #stored > 19 then
      -- Booked ahead, by the limit that stands behind the time.
      whole, rest = tonumber(string.sub(stored, 1, 10)), tonumber(string.sub(stored, 11, 19))
    end
    full = whole and rest and (whole - seconds) * 1000000000 + (rest - nanos) or 0
    if not (full > 0) then full = 0 end
    -- No more is missing than the bucket holds, unless it has been booked ahead by this very limit.
    if full > capacity and string.sub(stored, 20) ~= ' ' .. ARGV[at] .. ' ' .. ARGV[at + 1] then full = capacity end
  end

  local state = { available = math.max(0, math.floor((capacity - full) / interval)), longest = math.ceil(capacity / 1000000) + 1 }
  function state.wait(permits) return math.max(0, math.ceil((full + permits * interval - capacity) / 1000)) end
  function state.reset() return math.ceil(full / 1000) end
  function state.take(permits)
    full = math.max(0, full + permits * interval)
    state.available = math.max(0, math.floor((capacity - full) / interval))
    if full == 0 then return nil end
    local sum = nanos + full
    local carry = math.floor(sum / 1000000000)
    local text = string.format('%010.0f%09.0f', seconds + carry, sum - carry * 1000000000)
    if full > capacity then text = text .. ' ' .. ARGV[at] .. ' ' .. ARGV[at + 1] end
    return text, math.ceil(full / 1000000) + 1
  end
  return state
end
local limit, parameters = token_bucket, 2
