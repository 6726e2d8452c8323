  -- A sliding window in a combined limit: its permits, a segment and the segments of a window; the end of a segment and its permits or,
  -- where there are more segments, behind the numbers the window as it is by itself.
  local window, read, news = { x, y }, true, nil
  if more then read, window = pcall(cmsgpack.unpack, more) end
  x, y, news = window_read(read and type(window) == 'table' and window or {}, now, b, c)
  repaired, available = repaired or news, a - y
