-- A sliding log in a combined limit: its kind, and what it is by itself.
parts[4] = {
  read = function(kept, passed, now, limit, window, third, asked)
    local log, back, repaired = '', 0, false
    if string.byte(kept) == 4 then log, back, repaired = log_read(string.sub(kept, 2), window, now, limit - math.max(asked, 1)) end
    log = string.sub(log, back * 8 + 1)
    return log, limit - #log / 8, repaired, 0
  end,
  take = function(log, granted, now, limit, window, third, besides, till)
    -- What has been taken since is somebody else's.
    if till then granted = math.max(granted, -log_count(log, till - window)) end
    if granted > 0 then
      log = log .. string.rep(struct.pack('>l', now), granted)
    elseif granted < 0 then
      log = string.sub(log, -8 * granted + 1)
    end
    local taken, reset = #log / 8, 0
    if taken > 0 then reset = log_frees(log, taken - 1, window, now) end
    return limit - taken, reset, '\4' .. log, reset, log
  end,
  wait = function(log, unit, now, limit, window)
    local taken = #log / 8
    local oldest = taken + unit - limit - 1
    return oldest < taken and log_frees(log, oldest, window, now) or window
  end,
}
