-- A token bucket: how many nanoseconds of flowing in it misses to be full, and beyond that what a limit with a larger burst has taken: an
-- excess that only
-- such limits see. What is stored is of the limit that wrote it: its tokens count, at whatever rate the reader's flow in.

-- What is missing, and the excess, as of now. More may be missing than the bucket holds only for the limit that has booked permits ahead.
local function bucket_read(missing, of, excess, capacity_of, passed, interval, capacity)
  if not (missing >= 0 and missing < 1e17 and of >= 1 and of < 1e17 and excess >= 0 and excess < 1e17) then return 0, 0 end
  if of ~= interval or capacity_of ~= capacity then
    local all = missing + excess
    if of ~= interval then all = math.ceil(all / of * interval) end
    -- No limit has ever taken more than 365 days of its tokens.
    if all > 31536000000000000 then all = 31536000000000000 end
    missing = all < capacity and all or capacity
    excess = all - missing
  elseif missing > capacity + 86400000000000 then
    -- Nobody books for longer than a day.
    return 0, 0
  end
  if passed > 0 then
    if passed >= missing then
      excess = excess + missing - passed
      if excess < 0 then excess = 0 end
      missing = 0
    else
      missing = missing - passed
    end
  end
  return missing, excess
end
