  -- A calendar window in a combined limit: its permits and two borders; its count and its end.
  if x < 1 or x > 9007199254740992 then
    x, y = 0, 0
  else
    local news
    x, y, news = calendar_read(x, y, now, calendar_end(now, b, c))
    repaired = repaired or news
  end
  available = a - x
