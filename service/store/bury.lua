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
redis.call('XADD', KEYS[3], '*', unpack(fields))
redis.call('XDEL', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[4])
return 1
