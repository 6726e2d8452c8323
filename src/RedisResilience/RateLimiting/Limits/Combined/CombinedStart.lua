-- What the kinds of limits do in a combined limit, by their numbers. read: the state of what was kept, the permits that are free, whether
-- the state is news to
-- what was kept, and what the kind likes to know besides. take: permits left, microseconds until all are free, what to keep and for how
-- long. wait: microseconds.
local parts, ceil = {}, math.ceil
