-- What the kinds of limits do in a combined limit, by their numbers: read what was kept, take, and wait.
local parts = {}
