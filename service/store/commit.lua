-- One commit: fenced by the lease's epoch, all or nothing.
-- KEYS: epoch, log, tries, the short and the long seen-set of now, then the keys that the operations name.
-- ARGV: epoch, 1 when tries is to go else 0, n_entries, entry ids…,
--       n_short, n_long, when the short and the long set expire (ms; 0: it has been set),
--       16-byte keys, short ones first…, n_types, type of each operation key (-: any, see below)…,
--       then operations: command, index among their keys, number of arguments, arguments…
-- Everything that can fail is looked at before the first write; the first write removes the entries,
-- so a Redis that is over its memory can still be drained.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return redis.error_reply('FENCED the shard has another owner')
end
local n_entries = tonumber(ARGV[3])
local at = 4 + n_entries
local n_short, n_long = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
local expire_short, expire_long = ARGV[at + 2], ARGV[at + 3]
local new = at + 4
local n_new = n_short + n_long
-- The owner has looked for the keys before; that they are not in the sets that this commit writes
-- is looked at here once more, because this is where it counts.
if n_new > 0 then
    for k = 4, 5 do
        local hits = redis.call('SMISMEMBER', KEYS[k], unpack(ARGV, new, new + n_new - 1))
        for i = 1, n_new do
            if hits[i] == 1 then
                return redis.error_reply('SEEN a message had its effect before')
            end
        end
    end
end
at = new + n_new
local n_types = tonumber(ARGV[at])
local base = 5
for i = 1, n_types do
    if ARGV[at + i] ~= '-' then
        local is = redis.call('TYPE', KEYS[base + i]).ok
        if is ~= 'none' and is ~= ARGV[at + i] then
            return redis.error_reply('WRONGTYPE ' .. KEYS[base + i] .. ' is a ' .. is)
        end
    end
end
local ops = at + n_types + 1
if n_entries > 0 and redis.call('XDEL', KEYS[2], unpack(ARGV, 4, 3 + n_entries)) == 0 then
    return redis.error_reply('GONE the entries have been decided')
end
if ARGV[2] == '1' then
    redis.call('DEL', KEYS[3])
end
local function mark(set, from, n, expire)
    if n > 0 then
        redis.call('SADD', set, unpack(ARGV, from, from + n - 1))
        if expire ~= '0' then
            redis.call('PEXPIREAT', set, expire)
        end
    end
end
mark(KEYS[4], new, n_short, expire_short)
mark(KEYS[5], new + n_short, n_long, expire_long)
-- Some thousands of entries at most, and recalls are rare.
local function unlabel(key, group, message)
    local from = '-'
    repeat
        local some = redis.call('XRANGE', key, from, '+', 'COUNT', 500)
        for _, entry in ipairs(some) do
            local json = entry[2][2]
            if string.find(json, group, 1, true) and string.find(json, message, 1, true) then
                redis.call('XDEL', key, entry[1])
            end
            from = '(' .. entry[1]
        end
    until #some < 500
end
local last = #ARGV
at = ops
while at <= last do
    local command, n = ARGV[at], tonumber(ARGV[at + 2])
    local key = KEYS[base + tonumber(ARGV[at + 1])]
    if command == 'PUBLISH' then -- best effort: the channel is no key
        redis.call('PUBLISH', ARGV[at + 3], ARGV[at + 4])
    elseif command == 'RPUSH' then -- lines of a group, for context only: what is damaged goes
        local done = redis.pcall('RPUSH', key, unpack(ARGV, at + 3, at + 2 + n))
        if type(done) == 'table' and done.err then
            redis.call('DEL', key)
            redis.call('RPUSH', key, unpack(ARGV, at + 3, at + 2 + n))
        end
    elseif command == 'UNLABEL' then
        unlabel(key, ARGV[at + 3], ARGV[at + 4])
    elseif command == 'LTRIM' then
        redis.pcall('LTRIM', key, ARGV[at + 3], ARGV[at + 4])
    else
        redis.call(command, key, unpack(ARGV, at + 3, at + 2 + n))
    end
    at = at + 3 + n
end
return n_entries
