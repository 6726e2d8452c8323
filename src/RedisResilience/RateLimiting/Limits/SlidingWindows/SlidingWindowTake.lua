  if taken ~= 0 then y = y + window_take(x, taken, now, b, till and till - b * c) end
  if y > 0 then reset = x[1] + b * c - now end
  available, lives = a - y, reset
  if lacks and available < unit then wait = window_wait(x, y + unit - a, now, b * c) end
  if writes and x[3] then
    more = cmsgpack.pack(window_pack(x))
  else
    x, y = x[1] or 0, x[2] or 0
  end
