-- The models that staff have brought in: their upload in parts, which of them runs, what was before.
-- KEYS: linli:{model} (hash: current, previous, at_ms, by, note; "" is the one that came with the
--       program), about (hash: version -> JSON), log (stream), kept (list, newest first),
--       then the blob and the upload in question.
-- ARGV: what to do, then its arguments. Replies: a number, or an error that begins NONE, STALE or TAKEN.
local state, about, log, kept, blob, upload = unpack(KEYS)
local function now_ms()
    local t = redis.call('TIME')
    return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function now_running()
    return redis.call('HGET', state, 'current') or ''
end

-- part: offset, bytes, most. Reply: the size so far; a part that is there already changes nothing.
if ARGV[1] == 'part' then
    local at, size = tonumber(ARGV[2]), redis.call('STRLEN', upload)
    if at + #ARGV[3] > tonumber(ARGV[4]) then
        return redis.error_reply('LARGE the model is too large')
    end
    if at > size then
        return redis.error_reply('STALE what comes before is not here')
    end
    redis.call('SETRANGE', upload, at, ARGV[3])
    redis.call('EXPIRE', upload, 600)
    return redis.call('STRLEN', upload)
end

-- keep: version, about it, how many are kept. The upload becomes the blob.
if ARGV[1] == 'keep' then
    local version, most = ARGV[2], tonumber(ARGV[4])
    if redis.call('EXISTS', upload) == 0 then
        return redis.error_reply('NONE there is no such upload')
    end
    redis.call('RENAME', upload, blob)
    redis.call('PERSIST', blob)
    redis.call('HSET', about, version, ARGV[3])
    redis.call('LREM', kept, 0, version)
    redis.call('LPUSH', kept, version)
    local previous = redis.call('HGET', state, 'previous') or ''
    local i = redis.call('LLEN', kept) - 1
    while i > 0 and redis.call('LLEN', kept) > most do
        local old = redis.call('LINDEX', kept, i)
        if old ~= now_running() and old ~= previous then
            redis.call('LREM', kept, 0, old)
            redis.call('HDEL', about, old)
            redis.call('DEL', state .. ':blob:' .. old)
        end
        i = i - 1
    end
    return redis.call('LLEN', kept)
end

-- use: version ("-": the previous one), the one it takes the place of, who, note. Reply: 1.
local version = ARGV[2]
local running, previous = now_running(), redis.call('HGET', state, 'previous')
if running ~= ARGV[3] then
    return redis.error_reply('STALE another model runs')
end
if version == '-' then
    if not previous then
        return redis.error_reply('NONE there is no previous model')
    end
    version = previous
end
if version ~= '' and redis.call('HEXISTS', about, version) == 0 then
    return redis.error_reply('NONE there is no such model')
end
local at = now_ms()
local back = running -- where a rollback leads; the same again changes nothing
if version == running then
    back = previous or ''
end
redis.call('HSET', state, 'current', version, 'previous', back, 'at_ms', at, 'by', ARGV[4], 'note', ARGV[5])
redis.call('XADD', log, 'MAXLEN', '~', 1000, '*', 'e', cjson.encode({at_ms = at, actor = ARGV[4],
    action = ARGV[2] == '-' and 'model.rollback' or 'model.use', before = running, after = version, reason = ARGV[5]}))
redis.call('PUBLISH', 'linli:live', 'model ' .. version)
return 1
