-- A token bucket in a combined limit: its kind, what is missing and the nanoseconds from token to token; and, as it is by itself, the
-- excess and the capacity.
parts[2] = {
  read = function(kept, passed, now, interval, capacity)
    local missing, excess, kind, of, beyond, capacity_of = 0, 0, 0, 0, 0, 0
    if #kept == 17 then
      kind, missing, of = struct.unpack('>Bll', kept)
      capacity_of = missing
    elseif #kept == 33 then
      kind, missing, of, beyond, capacity_of = struct.unpack('>Bllll', kept)
    end
    if kind == 2 then
      missing, excess = bucket_read(missing, of, beyond, capacity_of, passed * 1000, interval, capacity)
    else
      missing = 0
    end
    local free = capacity - missing
    return missing, (free - free % interval) / interval, false, excess
  end,
  take = function(missing, granted, now, interval, capacity, third, excess, till)
    local change = granted * interval
    -- What may have flowed in again since it was taken stays taken.
    if till then change = math.min(0, change + math.max(0, now - till) * 1000) end
    missing = missing + change
    if missing < 0 then missing = 0 end
    local free, reset = capacity - missing, ceil(missing / 1000)
    free = (free - free % interval) / interval
    if excess == 0 then return free, reset, struct.pack('>Bll', 2, missing, interval), reset, missing end
    return free, reset, struct.pack('>Bllll', 2, missing, interval, excess, capacity), ceil((missing + excess) / 1000), missing
  end,
  wait = function(missing, unit, now, interval, capacity) return ceil((missing + unit * interval - capacity) / 1000) end,
}
