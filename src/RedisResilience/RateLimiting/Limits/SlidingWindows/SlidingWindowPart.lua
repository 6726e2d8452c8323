-- A sliding window in a combined limit: what it is by itself.
parts[3] = {
  read = function(kept, passed, now, limit, segment, segments)
    local state, used, repaired = window_read(kept, 2, now, segment, segments)
    return { state = state, used = used }, limit - used, repaired
  end,
  take = function(window, granted, now, limit, segment, segments)
    local state, reset = window.state, 0
    if granted ~= 0 then window.used = window.used + window_take(state, granted, now, segment) end
    if window.used > 0 then reset = state[1] + segment * segments - now end
    return limit - window.used, reset, window_pack(state, { 3 })
  end,
  wait = function(window, unit, now, limit, segment, segments)
    return window_wait(window.state, window.used + unit - limit, now, segment * segments)
  end,
}
