-- What stands under one of the library's own keys, and no more of it than any of them has. Another type of value is nothing. Whatever else is
-- wrong, such as a command that the user may not run, is for the caller to know: nothing would be served, stored and told otherwise.
local function own(key)
  local value = redis.pcall('GETRANGE', key, 0, 31)
  if type(value) == 'string' then return value end
  return string.find(value.err, 'WRONGTYPE', 1, true) and '' or redis.call('GETRANGE', key, 0, 31)
end
