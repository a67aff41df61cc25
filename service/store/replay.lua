-- Put a dead letter back into the log.
-- KEYS: log, dead. ARGV: id of the dead letter.
local found = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
if #found == 0 then
    return redis.error_reply('NONE there is no such dead letter')
end
local fields, kept = found[1][2], {}
for i = 1, #fields, 2 do
    if fields[i] ~= 'why' then
        kept[#kept + 1] = fields[i]
        kept[#kept + 1] = fields[i + 1]
    end
end
redis.call('XADD', KEYS[1], '*', unpack(kept))
redis.call('XDEL', KEYS[2], ARGV[1])
return 1
