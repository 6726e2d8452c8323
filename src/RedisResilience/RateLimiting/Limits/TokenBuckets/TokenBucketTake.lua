  local change = taken * a
  -- What may have flowed in again since it was taken stays taken.
  if till then change = math.min(0, change + math.max(0, now - till) * 1000) end
  x = x + change
  if x < 0 then x = 0 end
  available, reset, lives = b - x, ceil(x / 1000), ceil((x + y) / 1000)
  available = (available - available % a) / a
  if lacks and available < unit then wait = ceil((x + unit * a - b) / 1000) end
  if y > 0 then more = struct.pack('>lll', x, y, b) end
  y = a
