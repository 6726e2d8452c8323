-- A fixed window in a combined limit: its count, and when it ends.
parts[1] = {
  read = function(kept, passed, now, limit, window)
    local count, ends = tonumber(kept[2]), tonumber(kept[3])
    if not (count and ends and count >= 1 and count < 9007199254740992) then return { 1, 0, now }, limit, false end
    -- A window that has ended stays so, also when the clock is set back.
    if not (ends > now) then return { 1, 0, now }, limit, true end
    -- No window ends later than the limit now says.
    local repaired = ends > now + window
    if repaired then ends = now + window end
    return { 1, math.floor(count), ends }, limit - math.floor(count), repaired
  end,
  take = function(state, granted, now, limit, window)
    if granted ~= 0 and state[2] == 0 then state[3] = now + window end
    state[2] = state[2] + granted
    if state[2] <= 0 then state[2], state[3] = 0, now end
    return limit - state[2], state[3] - now, state
  end,
  wait = function(state, unit, now) return state[3] - now end,
}
