-- Set an entry aside as a dead letter (fenced).
-- KEYS: epoch, log, dead, tries. ARGV: epoch, entry id, why.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return redis.error_reply('FENCED the shard has another owner')
end
local found = redis.call('XRANGE', KEYS[2], ARGV[2], ARGV[2])
if #found == 0 then
    return redis.error_reply('GONE the entry has been decided')
end
local fields = found[1][2]
fields[#fields + 1] = 'why'
fields[#fields + 1] = ARGV[3]
local is = redis.call('TYPE', KEYS[3]).ok
if is ~= 'none' and is ~= 'stream' then
    return redis.error_reply('WRONGTYPE ' .. KEYS[3] .. ' is a ' .. is)
end
redis.call('XDEL', KEYS[2], ARGV[2]) -- first: a Redis that is full lets go on what has begun
redis.call('XADD', KEYS[3], '*', unpack(fields))
redis.call('DEL', KEYS[4])
return 1
