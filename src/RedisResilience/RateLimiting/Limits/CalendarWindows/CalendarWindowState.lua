-- A calendar window: its count, and the border at which it ends, in microseconds.

-- The border that follows a time. The caller's calendar names two that are near its own time; which one it is this server's clock says.
-- Where the two clocks are so far apart that neither can be meant, the calendar goes on from there in steps of the same length. One period
-- may be a ninth longer than the next one: January is, and a day whose clocks are put back.
local function calendar_end(now, first, second)
  local length = second - first
  if now < second and first - now <= 1.12 * length then return now < first and first or second end
  return first + (math.floor((now - first) / length) + 1) * length
end

-- What still counts of what was kept, its end, and whether that is news. None ends later than the limit now says.
local function calendar_read(count, ends, now, border)
  if ends <= now then return 0, border, true end
  if ends > border then return count, border, true end
  return count, ends, false
end
