-- A sliding log in a combined limit: what it is by itself.
parts[4] = {
  read = function(kept, passed, now, limit, window)
    local log, back, repaired = log_read(kept[2], window, now)
    if repaired or #log / 8 - back >= limit then
      local unordered
      log, back, unordered = log_mend(log, back, window, now)
      repaired = repaired or unordered
    end
    log = string.sub(log, back * 8 + 1)
    return { 4, log }, limit - #log / 8, repaired
  end,
  take = function(state, granted, now, limit, window)
    if granted > 0 then
      state[2] = state[2] .. string.rep(struct.pack('>l', now), granted)
    elseif granted < 0 then
      state[2] = string.sub(state[2], -8 * granted + 1)
    end
    local taken = #state[2] / 8
    return limit - taken, taken > 0 and log_frees(state[2], taken - 1, window, now) or 0, state
  end,
  wait = function(state, unit, now, limit, window)
    local taken = #state[2] / 8
    local oldest = taken + unit - limit - 1
    return oldest < taken and log_frees(state[2], oldest, window, now) or window
  end,
}
