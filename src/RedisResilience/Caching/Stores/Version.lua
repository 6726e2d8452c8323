-- Changes the version of a tag or a namespace. It is kept twice, so that losing either key loses nothing.
-- KEYS: the version, its copy; ARGV: 1 ensure, 2 replace, 3 mend; a number, to mend the version that is known; how long it stands at least, in ms.
-- Returns: the version; 0 when there is none.
-- A version is the time in ms and 11 bits of the number: never the same twice. It is negative, and has no copy, while no removal has made it: an entry is void without it.
local LIMIT, LONGEST = 9000000000000000, 31536000000

local function read(key)
  local value = own(key)
  local number = string.match(value, '^%-?%d+$') and tonumber(value) or 0
  return number > -LIMIT and number < LIMIT and number or 0
end

local one, other = read(KEYS[1]), read(KEYS[2])
local stored = one == 0 and other or other == 0 and one or math.max(one, other)
local version = stored
if ARGV[1] == '2' or (ARGV[1] == '1' and stored == 0) then
  local time = redis.call('TIME')
  version = (time[1] * 1000 + math.floor(time[2] / 1000)) * 2048 + ARGV[2] % 2048
  if ARGV[1] == '1' then
    version = -version
  elseif version <= stored then
    version = stored + 1
  end
elseif ARGV[1] == '3' then
  version = math.max(stored, tonumber(ARGV[2]))
end

if version == 0 then return { 0, 0, 0, 0 } end
local life = math.min(LONGEST, math.max(tonumber(ARGV[3]), redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2])))
local text = string.format('%.0f', version)
redis.call('SET', KEYS[1], text, 'PX', life)
if version > 0 then redis.call('SET', KEYS[2], text, 'PX', life) end
return { version, 0, 0, 0 }
