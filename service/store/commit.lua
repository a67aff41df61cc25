-- One commit: fenced by the lease's epoch, all or nothing.
-- KEYS: epoch, log, tries, n_seen seen-sets (long and short), then the keys that the operations name.
-- ARGV: epoch, n_seen, n_entries, entry ids…, n_new, 16-byte keys…, n_types, type of each operation key…,
--       then operations: command, index in KEYS, number of arguments, arguments…
-- Everything that can fail is looked at before the first write; the first write removes the entries,
-- so a Redis that is over its memory can still be drained.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return redis.error_reply('FENCED the shard has another owner')
end
local at = 2
local n_seen = tonumber(ARGV[at])
local n_entries = tonumber(ARGV[at + 1])
at = at + 2
local entries = { unpack(ARGV, at, at + n_entries - 1) }
at = at + n_entries
local n_new = tonumber(ARGV[at])
at = at + 1
if n_entries > 0 then
    local first = redis.call('XRANGE', KEYS[2], entries[1], entries[1])
    if #first == 0 then
        return redis.error_reply('GONE the entries have been decided')
    end
end
if n_new > 0 then
    local new = { unpack(ARGV, at, at + n_new - 1) }
    for k = 4, 3 + n_seen do
        local hits = redis.call('SMISMEMBER', KEYS[k], unpack(new))
        for i = 1, n_new do
            if hits[i] == 1 then
                return redis.error_reply('SEEN a message had its effect before')
            end
        end
    end
end
at = at + n_new
local n_types = tonumber(ARGV[at])
local base = 3 + n_seen
for i = 1, n_types do
    local is = redis.call('TYPE', KEYS[base + i]).ok
    if is ~= 'none' and is ~= ARGV[at + i] then
        return redis.error_reply('WRONGTYPE ' .. KEYS[base + i] .. ' is a ' .. is)
    end
end
at = at + n_types + 1
if n_entries > 0 then
    redis.call('XDEL', KEYS[2], unpack(entries))
    redis.call('DEL', KEYS[3])
end
local last = #ARGV
while at <= last do
    local key = tonumber(ARGV[at + 1])
    local n = tonumber(ARGV[at + 2])
    if ARGV[at] == 'PUBLISH' then -- best effort: the channel is no key
        redis.call('PUBLISH', ARGV[at + 3], ARGV[at + 4])
    else
        redis.call(ARGV[at], KEYS[base + key], unpack(ARGV, at + 3, at + 2 + n))
    end
    at = at + 3 + n
end
return n_entries
