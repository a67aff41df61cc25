-- A token bucket of a bot, shared by every loop: take one token, or tell how long to wait.
-- KEYS: bucket. ARGV: tokens a minute, burst. Reply: 0, or milliseconds.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local a_ms, burst = tonumber(ARGV[1]) / 60000, tonumber(ARGV[2])
local was = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(was[1] or burst), tonumber(was[2] or now)
if now > at then
    tokens = math.min(burst, tokens + (now - at) * a_ms)
end
if tokens < 1 then
    return math.ceil((1 - tokens) / a_ms)
end
redis.call('HSET', KEYS[1], 'tokens', tokens - 1, 'at', math.max(now, at))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / a_ms) + 60000)
return 0
