-- Who has which shard, and what waits there.
-- KEYS: members, then lease, log and dead letters of every shard.
-- Reply: now ms, then of each shard: owner ('': nobody), its last heartbeat (ms, 0: it has none any
-- more), entries undecided, when the oldest came (ms, 0: there is none), dead letters.
local t = redis.call('TIME')
local out = {t[1] * 1000 + math.floor(t[2] / 1000)}
for i = 2, #KEYS, 3 do
    local owner = redis.call('GET', KEYS[i]) or ''
    local beat = owner ~= '' and redis.call('ZSCORE', KEYS[1], owner)
    local oldest = redis.call('XRANGE', KEYS[i + 1], '-', '+', 'COUNT', 1)[1]
    out[#out + 1] = {owner, beat and math.floor(tonumber(beat)) or 0, redis.call('XLEN', KEYS[i + 1]),
        oldest and tonumber(string.match(oldest[1], '^%d+')) or 0, redis.call('XLEN', KEYS[i + 2])}
end
return out
