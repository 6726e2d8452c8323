-- A window in segments: the length of a segment, the number of the newest, how many permits count, and how many of each segment from the newest to the oldest.
-- One segment more counts than a window has: the oldest, in full until all of it is a window old.

-- The state as of now. Garbage is nothing taken.
local function window_read(kept, current, segment, segments)
  if type(kept) ~= 'table' then return { segment, current, 0, 0 } end
  if kept[1] == segment and kept[2] == current and type(kept[3]) == 'number' and type(kept[4]) == 'number' then return kept end
  local state, used = { segment, current, 0, 0 }, 0
  for age = 1, segments do state[age + 4] = 0 end
  local length, newest = tonumber(kept[1]), tonumber(kept[2])
  if not (length and newest and length >= 1) then return { segment, current, 0, 0 } end
  newest = math.floor(newest)
  for place = 4, #kept do
    -- A segment of another length ends in one of ours, and what seems to come from the future is of now.
    local permits, index = tonumber(kept[place]) or 0, newest - place + 4
    if length ~= segment then index = math.floor(((index + 1) * length - 1) / segment) end
    local age = current - index
    if age < 0 then age = 0 end
    if age <= segments and permits >= 1 and permits < 2147483648 then
      permits = math.floor(permits)
      state[age + 4] = state[age + 4] + permits
      used = used + permits
    end
  end
  while #state > 4 and state[#state] == 0 do state[#state] = nil end
  state[3] = used
  return state
end

-- Microseconds until so many more are free. All that count are more than can be missing, but for what a granted call has just added to the newest.
local function window_wait(state, missing, segments, now)
  local place = #state
  while place > 4 and missing > (tonumber(state[place]) or 0) do
    missing, place = missing - (tonumber(state[place]) or 0), place - 1
  end
  return (state[2] - place + segments + 5) * state[1] - now
end

-- Takes, and says in how many microseconds all is free.
local function window_take(state, permits, segments, now)
  if permits > 0 then state[3], state[4] = state[3] + permits, state[4] + permits end
  -- Given back is what counts for the shortest time to come.
  while permits < 0 and #state > 3 do
    local place = #state
    local counted = tonumber(state[place]) or 0
    local back = math.min(-permits, counted)
    state[3], permits = state[3] - back, permits + back
    state[place] = counted - back
    if state[place] == 0 then state[place] = nil end
  end
  for place = 4, #state do
    if state[place] ~= 0 then return (state[2] - place + segments + 5) * state[1] - now end
  end
  return 0
end
