-- A sliding window in a combined limit: its kind, and what it is by itself.
parts[3] = {
  read = function(kept, passed, now, limit, segment, segments)
    local stored = {}
    if string.byte(kept) == 3 then
      local read, value = pcall(cmsgpack.unpack, string.sub(kept, 2))
      if read and type(value) == 'table' then stored = value end
    end
    local state, used, repaired = window_read(stored, now, segment, segments)
    return state, limit - used, repaired, used
  end,
  take = function(state, granted, now, limit, segment, segments, used, till)
    if granted ~= 0 then used = used + window_take(
      state, granted, now, segment, till and till - segment * segments) end
    if used == 0 then return limit, 0, '', 0, state, 0 end
    local reset = state[1] + segment * segments - now
    return limit - used, reset, '\3' .. cmsgpack.pack(window_pack(state)), reset, state, used
  end,
  wait = function(state, unit, now, limit, segment, segments, used)
    return window_wait(state, used + unit - limit, now, segment * segments)
  end,
}
