-- Gives leases back.
-- KEYS[1] the set; ARGV: for each lease its name, its permits and its lease time in microseconds, as one argument.
-- Returns: the leases that were there, the first as bit 0; and four times 0.
local key, found, bit = KEYS[1], 0, 1
for place = 1, #ARGV[1], 24 do
  local name, permits, lease = struct.unpack('>lll', ARGV[1], place)
  local member = string.format('%d:%d', name, lease)
  local removed = redis.pcall('ZREM', key, member)
  if type(removed) ~= 'number' then
    -- Where another kind of value stands, no lease does. Whatever else is wrong, such as a server that takes no writes, may pass.
    if not string.find(removed.err, 'WRONGTYPE', 1, true) then redis.call('ZREM', key, member) end
    break
  end
  if removed > 0 then
    found = found + bit
    for permit = 1, permits - 1 do redis.call('ZREM', key, member .. ':' .. permit) end
  end
  bit = bit * 2
end
return struct.pack('>lllll', found, 0, 0, 0, 0)
