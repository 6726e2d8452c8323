  -- A sliding log in a combined limit: its permits and its window; behind its numbers the log as it is by itself.
  local log, back, news = log_read(more, b, now, a - math.max(asked, 1))
  if back > 0 then log = string.sub(log, back * 8 + 1) end
  x, y, repaired = log, 0, repaired or news
  available = a - #log / 8
