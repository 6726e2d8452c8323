-- A log of the permits taken: the times when they were, in microseconds and eight bytes each, the oldest first.

-- The log, and how many at its front have come back. Garbage is nothing taken: no time of ours is more than a window ahead, however a clock may have stepped.
local function log_read(stored, window, now)
  if type(stored) ~= 'string' or stored == '' or #stored % 8 ~= 0 or struct.unpack('>l', stored, #stored - 7) > now + window then return '', 0 end
  if struct.unpack('>l', stored) > now - window then return stored, 0 end
  local back, unknown = 1, #stored / 8
  while back < unknown do
    local middle = math.floor((back + unknown) / 2)
    if struct.unpack('>l', stored, middle * 8 + 1) > now - window then unknown = middle else back = middle + 1 end
  end
  return stored, back
end

-- Microseconds until the permit at a place, from 0, comes back. What a clock that stepped back has left comes back as if taken now.
local function log_frees(log, place, window, now)
  local taken = struct.unpack('>l', log, place * 8 + 1)
  if taken > now then taken = now end
  return taken + window - now
end
