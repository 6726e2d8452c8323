  -- A fixed window in a combined limit: its permits and its length; its count and its end.
  if x < 1 or x > 9007199254740992 then
    x, y = 0, 0
  elseif y <= now then
    -- A window that has ended stays so, also when the clock is set back; and none ends later than the limit now says.
    x, y, repaired = 0, 0, true
  elseif y > now + b then
    y, repaired = now + b, true
  end
  available = a - x
