-- A loop's heartbeat: tells that it lives, takes free shards up to its fair share, tells what it lost.
-- An owner lives as long as its heartbeat is younger than the lease. Taking a shard raises its epoch.
-- KEYS: members, then lease and epoch of every shard.
-- ARGV: name, lease ms, may take at most, first shard to look at, then one 0/1 a shard: ours?
-- Reply: now ms, fair share, {lost shards}, {shard, epoch of each taken}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local name, lease, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local n = (#KEYS - 1) / 2
-- Removing comes first: a script that has begun to write is not stopped by a Redis that is full, and
-- without its leases nobody would drain it.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. now - lease)
redis.call('ZADD', KEYS[1], now, name)
local fair = math.ceil(n / redis.call('ZCARD', KEYS[1]))
local lost, taken, mine, owners = {}, {}, 0, {}
for i = 0, n - 1 do
    owners[i] = redis.call('GET', KEYS[2 + 2 * i])
    local ours = ARGV[5 + i] == '1'
    if ours and owners[i] == name then
        mine = mine + 1
    elseif ours then
        lost[#lost + 1] = i
    end
end
local at = tonumber(ARGV[4])
for k = 0, n - 1 do
    local i = (at + k) % n
    if mine >= fair or most <= 0 then
        break
    end
    local owner = owners[i]
    local free = not owner or (owner ~= name and not redis.call('ZSCORE', KEYS[1], owner))
    if free or (owner == name and ARGV[5 + i] == '0') then
        redis.call('SET', KEYS[2 + 2 * i], name)
        taken[#taken + 1] = i
        taken[#taken + 1] = redis.call('INCR', KEYS[3 + 2 * i])
        mine = mine + 1
        most = most - 1
    end
end
return { now, fair, lost, taken }
