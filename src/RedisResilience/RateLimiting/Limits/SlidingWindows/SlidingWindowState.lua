-- A window in segments: when the newest segment ends that anything was taken in, how many permits were taken in it, and for each one before
-- that how much earlier it ends and its permits. A segment counts in full until all of it is a window old. Each has the end that it was
-- given, whoever reads it: limits of other windows and segments that take turns move nothing.

-- The state as of now: ends and permits by turns, the newest first; how many permits count; and whether that is news to what was stored.
-- Garbage is nothing taken, and what seems to come from the future is of now.
local function window_read(kept, now, segment, segments)
  local state, used, repaired, ends = { nil, nil }, 0, false, nil
  local newest, oldest, last = now - now % segment + segment, now - segment * segments, #kept
  if last > 256 then last = 256 end
  for place = 1, last, 2 do
    local step, permits = kept[place], kept[place + 1]
    if type(step) ~= 'number' or type(permits) ~= 'number' then break end
    if not (step >= 0 and step < 9007199254740992 and permits >= 1 and permits < 2147483648) then break end
    step, permits = step - step % 1, permits - permits % 1
    ends = ends and ends - step or step
    local at, before = ends, #state
    if at > newest then at, repaired = newest, true end
    if not (at > oldest) then break end
    used = used + permits
    if before > 0 and state[before - 1] == at then
      state[before] = state[before] + permits
    else
      state[before + 1], state[before + 2] = at, permits
    end
  end
  return state, used, repaired
end

-- Takes or gives back, and says how many were. Given back is what counts for the shortest time to come.
local function window_take(state, permits, now, segment, newest)
  if permits > 0 then
    local first, ends = state[1], now - now % segment + segment
    if not first then
      state[1], state[2] = ends, permits
    elseif first > now then
      state[2] = state[2] + permits
    else
      table.insert(state, 1, permits)
      table.insert(state, 1, ends)
      -- Of more segments than anybody needs the oldest two are one, that counts for as long as the younger.
      local last = #state
      if last > 256 then
        state[last - 2] = state[last - 2] + state[last]
        state[last - 1], state[last] = nil, nil
      end
    end
    return permits
  end
  local left = -permits
  while left > 0 and state[1] do
    local last = #state
    -- What has been taken since is somebody else's.
    if newest and state[last - 1] > newest then break end
    local back = math.min(left, state[last])
    state[last], left = state[last] - back, left - back
    if state[last] == 0 then state[last - 1], state[last] = nil, nil end
  end
  return permits + left
end

-- In how many microseconds so many of the permits that count have come back.
local function window_wait(state, missing, now, window)
  for place = #state, 2, -2 do
    missing = missing - state[place]
    if missing <= 0 then return state[place - 1] + window - now end
  end
  return window
end

-- What is stored.
local function window_pack(state)
  if not state[3] then return state end
  local packed = { state[1], state[2] }
  for place = 3, #state, 2 do packed[place], packed[place + 1] = state[place - 2] - state[place], state[place + 1] end
  return packed
end
