-- A calendar window in a combined limit: its kind, its count, and when it ends.
parts[5] = {
  read = function(kept, passed, now, limit, first, second)
    local kind, count, ends = 0, 0, 0
    if #kept == 17 then kind, count, ends = struct.unpack('>Bll', kept) end
    if kind ~= 5 or count < 1 or count > 9007199254740992 then return 0, limit, false, 0 end
    local counted, border, repaired = calendar_read(count, ends, now, calendar_end(now, first, second))
    return counted, limit - counted, repaired, border
  end,
  take = function(count, granted, now, limit, first, second, ends, till)
    if till and math.abs(ends - till) > 5000000 then granted = 0 end
    if granted > 0 and count == 0 then ends = calendar_end(now, first, second) end
    count = count + granted
    if count <= 0 then return limit, 0, '', 0, 0 end
    return limit - count, ends - now, struct.pack('>Bll', 5, count, ends), ends - now, count, ends
  end,
  wait = function(count, unit, now, limit, first, second, ends) return count > 0 and ends - now or 0 end,
}
