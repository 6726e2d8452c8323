-- A token bucket in a combined limit: what is missing, of how many nanoseconds a token, the excess, and the capacity that it is of.
parts[2] = {
  read = function(kept, passed, now, interval, capacity)
    local missing, excess = 0, 0
    local was, of, beyond, capacity_of = tonumber(kept[2]), tonumber(kept[3]), tonumber(kept[4]), tonumber(kept[5])
    if was and of and beyond and capacity_of then
      missing, excess = bucket_read(was, of, beyond, capacity_of, passed * 1000, interval, capacity)
    end
    return { 2, missing, interval, excess, capacity }, math.floor((capacity - missing) / interval), false
  end,
  take = function(state, granted, now, interval, capacity)
    state[2] = math.max(0, state[2] + granted * interval)
    return math.floor((capacity - state[2]) / interval), math.ceil(state[2] / 1000), state, math.ceil((state[2] + state[4]) / 1000)
  end,
  wait = function(state, unit, now, interval, capacity) return math.ceil((state[2] + unit * interval - capacity) / 1000) end,
}
