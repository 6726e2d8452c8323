-- A log of the permits taken: the times when they were, in microseconds and eight bytes each, the oldest first.

-- How many of its times, which are in order, are not after a time.
local function log_count(log, time)
  local low, high = 0, #log / 8
  while low < high do
    local middle = math.floor((low + high) / 2)
    if struct.unpack('>l', log, middle * 8 + 1) > time then high = middle else low = middle + 1 end
  end
  return low
end

-- Puts a log in order that another program may have written. Says whether it was not.
local function log_mend(log, back, window, now)
  local times, ordered, last = {}, true, now - window
  for place = back, #log / 8 - 1 do
    local time = struct.unpack('>l', log, place * 8 + 1)
    if time < last or time > now then ordered = false end
    last = time
    if time > now then time = now end
    if time > now - window then times[#times + 1] = time end
  end
  if ordered then return log, back, false end
  table.sort(times)
  for place = 1, #times do times[place] = struct.pack('>l', times[place]) end
  return table.concat(times), 0, true
end

-- The log, how many at its front have come back, and whether it is news to what was stored. Garbage is nothing taken; a time that is to
-- come was before a clock was set back, and is now. A log in which more count than may is looked at in full before anybody is denied.
local function log_read(stored, window, now, most)
  if type(stored) ~= 'string' or stored == '' or #stored % 8 ~= 0 or #stored > 16000 then return '', 0, false end
  local back, first, last = 0, struct.unpack('>l', stored), struct.unpack('>l', stored, #stored - 7)
  -- What another kind of limit keeps has numbers that are no times: text, MessagePack, or in the second place a combined limit's kinds.
  if first < 0 or first >= 9007199254740992 then return '', 0, false end
  if #stored > 8 and struct.unpack('>l', stored, 9) < 68719476736 then return '', 0, false end
  local odd = first > now or last > now
  if not odd and first <= now - window then back = log_count(stored, now - window) end
  local used = #stored / 8 - back
  if odd or used > most or used > 0 and last <= now - window then return log_mend(stored, back, window, now) end
  return stored, back, false
end

-- Microseconds until the permit at a place, from 0, comes back.
local function log_frees(log, place, window, now) return struct.unpack('>l', log, place * 8 + 1) + window - now end
