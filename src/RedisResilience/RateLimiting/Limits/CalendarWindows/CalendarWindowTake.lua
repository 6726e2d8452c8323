  if till and math.abs(y - till) > 5000000 then taken = 0 end
  if taken > 0 and x == 0 then y = calendar_end(now, b, c) end
  x = x + taken
  if x > 0 then
    reset = y - now
    if lacks and a - x < unit then wait = reset end
  else
    x, y = 0, 0
  end
  available, lives = a - x, reset
