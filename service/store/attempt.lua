-- We are about to decide this entry, the first after a takeover: how many owners have begun with it?
-- KEYS: tries (entry id and count). ARGV: entry id.
-- Removing comes first, so that it also works in a Redis that is full.
local was = redis.call('HMGET', KEYS[1], 'id', 'n')
local n = was[1] == ARGV[1] and tonumber(was[2]) + 1 or 1
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'n', n)
return n
