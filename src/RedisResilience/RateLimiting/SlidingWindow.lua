-- A window in segments: an array of the segment's length, the number of the newest segment, and the counts from the newest to the oldest.
-- ARGV from at: the limit's permits, a segment in microseconds, the segments of a window. One more counts, the oldest, in full until all of it is old.
local function sliding_window(stored, seconds, micros, at)
  local limit, segment, segments = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local now = seconds * 1000000 + micros
  local current = math.floor(now / segment)
  local counts, used, oldest = {}, 0, -1
  for age = 0, segments do counts[age] = 0 end

  local function count(age, permits)
    -- What seems to come from the future is of now.
    if age < 0 then age = 0 end
    if age <= segments then
      counts[age] = counts[age] + permits
      used = used + permits
      if age > oldest then oldest = age end
    end
  end

  if stored then
    local read, kept = pcall(cmsgpack.unpack, stored)
    if read and type(kept) == 'table' and type(kept[1]) == 'number' and type(kept[2]) == 'number' and kept[1] >= 1 then
      local newest = math.floor(kept[2])
      for place = 3, #kept do
        local permits = kept[place]
        if type(permits) == 'number' and permits >= 1 and permits < 2147483648 then
          -- A segment of another length ends in one of ours.
          local index = newest - place + 3
          if kept[1] ~= segment then index = math.floor(((index + 1) * kept[1] - 1) / segment) end
          count(current - index, math.floor(permits))
        end
      end
    end
  end

  local function frees(age) return (current - age + segments + 1) * segment - now end

  local state = { available = math.max(0, limit - used), longest = math.ceil((segments + 1) * segment / 1000) + 1 }
  function state.wait(permits)
    local missing = used + permits - limit
    local age = oldest
    while missing > 0 and age >= 0 do
      missing = missing - counts[age]
      if missing <= 0 then return frees(age) end
      age = age - 1
    end
    return 0
  end
  function state.reset()
    for age = 0, segments do
      if counts[age] > 0 then return frees(age) end
    end
    return 0
  end
  function state.take(permits)
    -- Given back is what counts for the shortest time to come.
    while permits < 0 and oldest >= 0 do
      local back = math.min(-permits, counts[oldest])
      counts[oldest], used, permits = counts[oldest] - back, used - back, permits + back
      if counts[oldest] == 0 then oldest = oldest - 1 end
    end
    if permits > 0 then count(0, permits) end
    state.available = math.max(0, limit - used)
    if used == 0 then return nil end
    local kept = { segment, current }
    for age = 0, oldest do kept[age + 3] = counts[age] end
    return cmsgpack.pack(kept), math.ceil(state.reset() / 1000) + 1
  end
  return state
end
local limit, parameters = sliding_window, 3
