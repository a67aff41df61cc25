-- We are about to decide this entry, the first after a takeover: how many owners have begun with it?
-- KEYS: tries (entry id and count). ARGV: entry id.
local seen = redis.call('HGET', KEYS[1], 'id')
if seen ~= ARGV[1] then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'id', ARGV[1])
end
return redis.call('HINCRBY', KEYS[1], 'n', 1)
