-- A fixed window in a combined limit: its kind, its count, and when it ends.
parts[1] = {
  read = function(kept, passed, now, limit, window)
    local kind, count, ends = 0, 0, 0
    if #kept == 17 then kind, count, ends = struct.unpack('>Bll', kept) end
    if kind ~= 1 or count < 1 or count > 9007199254740992 then return 0, limit, false, 0 end
    -- A window that has ended stays so, also when the clock is set back; and none ends later than the limit now says.
    if ends <= now then return 0, limit, true, 0 end
    if ends > now + window then return count, limit - count, true, now + window end
    return count, limit - count, false, ends
  end,
  take = function(count, granted, now, limit, window, third, ends, till)
    if till and math.abs(ends - till) > math.min(window / 2, 5000000) then granted = 0 end
    if granted > 0 and count == 0 then ends = now + window end
    count = count + granted
    if count <= 0 then return limit, 0, '', 0, 0 end
    return limit - count, ends - now, struct.pack('>Bll', 1, count, ends), ends - now, count
  end,
  wait = function(count, unit, now, limit, window, third, ends) return count > 0 and ends - now or 0 end,
}
