-- A window in segments: that it could be read, the length of a segment, the number of the newest, how many permits count, and how many of each segment from the
-- newest to the oldest. One segment more counts than a window has: the oldest, in full until all of it is a window old.

-- The state as of now. Garbage is nothing taken.
local function window_read(kept, now, segment, segments)
  local current = math.floor(now / segment)
  if type(kept) ~= 'table' or kept[1] ~= true then return { true, segment, current, 0, 0 } end
  if kept[2] == segment and kept[3] == current and type(kept[4]) == 'number' and type(kept[5]) == 'number' then return kept end
  local state, used = { true, segment, current, 0, 0 }, 0
  for age = 1, segments do state[age + 5] = 0 end
  local length, newest = tonumber(kept[2]), tonumber(kept[3])
  if not (length and newest and length >= 1) then return { true, segment, current, 0, 0 } end
  newest = math.floor(newest)
  for place = 5, #kept do
    -- A segment of another length ends in one of ours, and what seems to come from the future is of now.
    local permits, index = tonumber(kept[place]) or 0, newest - place + 5
    if length ~= segment then index = math.floor(((index + 1) * length - 1) / segment) end
    local age = current - index
    if age < 0 then age = 0 end
    if age <= segments and permits >= 1 and permits < 2147483648 then
      permits = math.floor(permits)
      state[age + 5] = state[age + 5] + permits
      used = used + permits
    end
  end
  while #state > 5 and state[#state] == 0 do state[#state] = nil end
  state[4] = used
  return state
end

-- Takes or gives back. Says in how many microseconds all is free and, where so many more permits than there are were to be used, when those will be.
local function window_take(state, permits, segments, now, over)
  local wait, reset = 0, 0
  if permits > 0 then state[4], state[5] = state[4] + permits, state[5] + permits end
  -- Given back is what counts for the shortest time to come.
  while permits < 0 and #state > 4 do
    local place = #state
    local counted = tonumber(state[place]) or 0
    local back = math.min(-permits, counted)
    state[4], permits = state[4] - back, permits + back
    state[place] = counted - back
    if state[place] == 0 then state[place] = nil end
  end
  if over then
    -- All that count are more than can be missing, but for what a granted call has just added to the newest.
    local missing, place = state[4] + over, #state
    while place > 5 and missing > (tonumber(state[place]) or 0) do
      missing, place = missing - (tonumber(state[place]) or 0), place - 1
    end
    wait = (state[3] - place + segments + 6) * state[2] - now
  end
  for place = 5, #state do
    if state[place] ~= 0 then
      reset = (state[3] - place + segments + 6) * state[2] - now
      break
    end
  end
  return reset, wait
end
