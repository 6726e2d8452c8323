-- Changes the version of a tag or a namespace.
-- KEYS[1] the version; ARGV: 1 ensure, 2 replace, 3 raise; a number; its life in ms, which begins anew. Returns: the version.
-- A tag's version is the time in ms of its replacement and 11 bits of the number: never the same twice, even when the key was lost in between.
-- It is negative while it has only been ensured.
local stored = redis.pcall('GET', KEYS[1])
local version = type(stored) == 'string' and tonumber(stored) or 0
local changed = version
if ARGV[1] == '3' then
  changed = math.max(version, tonumber(ARGV[2])) + 1
elseif ARGV[1] == '2' or (ARGV[1] == '1' and version == 0) then
  local time = redis.call('TIME')
  changed = (time[1] * 1000 + math.floor(time[2] / 1000)) * 2048 + ARGV[2] % 2048
  if ARGV[1] == '1' then changed = -changed end
end

if changed ~= version then
  redis.call('SET', KEYS[1], string.format('%.0f', changed), 'PX', ARGV[3])
elseif version ~= 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return { changed, 0, 0, 0 }
