-- Keys with one beginning, as they are at one moment.
-- KEYS: members. ARGV: the beginning.
-- Reply: now ms, loops alive, then of each key: what follows the beginning, type, when it expires
-- (ms, 0: never), its content.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out = {now, redis.call('ZCOUNT', KEYS[1], now - 65000, '+inf')}
local read = {
    hash = function(key) return redis.call('HGETALL', key) end,
    stream = function(key) return redis.call('XRANGE', key, '-', '+') end,
    set = function(key) return redis.call('SMEMBERS', key) end,
    zset = function(key) return redis.call('ZRANGE', key, 0, -1) end,
    list = function(key) return redis.call('LRANGE', key, 0, -1) end,
    string = function(key) return {redis.call('GET', key)} end
}
local passing = {epoch = true, lease = true, tries = true, events = true}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
    local name, kind = string.gsub(string.sub(key, #ARGV[1] + 1), '^:', ''), redis.call('TYPE', key).ok
    local is_passing = passing[name] or string.sub(name, 1, 6) == 'reply:' or
        string.sub(name, 1, 7) == 'upload:'
    if read[kind] and not is_passing then
        local left = redis.call('PTTL', key)
        out[#out + 1] = {name, kind, left > 0 and now + left or 0, read[kind](key)}
    end
end
return out
