  -- A token bucket in a combined limit: nanoseconds from token to token and to fill it; what is missing, of a limit with what interval;
  -- where there is an excess, behind them what is missing, the excess and the capacity.
  if more then
    local missing, excess, capacity = 0, 0, 0
    if #more == 24 then missing, excess, capacity = struct.unpack('>lll', more) end
    x, y = bucket_read(missing, y, excess, capacity, passed * 1000, a, b)
  elseif y == a and x >= 0 and x <= b then
    -- As this limit has left it.
    x, y = x - passed * 1000, 0
    if x < 0 then x = 0 end
  else
    x, y = bucket_read(x, y, 0, x, passed * 1000, a, b)
  end
  available = b - x
  available = (available - available % a) / a
