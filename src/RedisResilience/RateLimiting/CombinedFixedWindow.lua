-- A fixed window as a part of a combined limit: its count and when it ends, in microseconds. ARGV from at: the limit's permits, the window in microseconds.
local function fixed_window(stored, seconds, micros, at)
  local limit, window = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local now = seconds * 1000000 + micros
  local count, left = 0, 0
  if stored then
    local kept_count, kept_end = string.match(stored, '^(%d+) (%d+)$')
    if kept_count and #kept_count < 16 and tonumber(kept_end) > now then
      count, left = tonumber(kept_count), math.min(window, tonumber(kept_end) - now)
    end
  end

  local state = { available = math.max(0, limit - count), longest = math.ceil(window / 1000) + 1 }
  function state.wait(permits) return count + permits > limit and left or 0 end
  function state.reset() return left end
  function state.take(permits)
    if count == 0 and permits > 0 then left = window end
    count = math.max(0, count + permits)
    if count == 0 then left = 0 end
    state.available = math.max(0, limit - count)
    if count == 0 then return nil end
    return string.format('%.0f %.0f', count, now + left), math.ceil(left / 1000) + 1
  end
  return state
end
