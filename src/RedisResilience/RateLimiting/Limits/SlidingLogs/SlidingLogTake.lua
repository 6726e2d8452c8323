  -- What has been taken since is somebody else's.
  if till then taken = math.max(taken, -log_count(x, till - b)) end
  if taken > 0 then
    x = x .. string.rep(struct.pack('>l', now), taken)
  elseif taken < 0 then
    x = string.sub(x, -8 * taken + 1)
  end
  local used = #x / 8
  if used > 0 then reset = log_frees(x, used - 1, b, now) end
  available, lives, more = a - used, reset, x
  if lacks and available < unit then
    local oldest = used + unit - a - 1
    wait = oldest < used and log_frees(x, oldest, b, now) or b
  end
