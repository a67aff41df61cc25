// What Redis can do to us: slow, hung, wrongly set, full, its keys damaged, its power cut.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, objects, decided, until, folder, freePort, PrivateRedis } from './lib/rig.mjs';
import { load, produce } from './lib/load.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const one = (id, group = 'x-1', text = '谁家有轮椅借用一下？') => message(id, group, `u-${id}`, text);

function shim() {
  const out = path.join(folder(), 'syncshim.so');
  const cc = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', out, path.join(here, 'syncshim.c'), '-ldl'], { encoding: 'utf8' });
  assert.equal(cc.status, 0, cc.stderr);
  return out;
}

/** CPU seconds that a process has used. */
function cpu(child) {
  const f = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
}

const ready = (s, ms) => until('service', async () => (await s.daemon.send(one(`r${Math.random()}`, 'x-1', '早上好'), { timeout: ms })).status === 202, ms);
const opened = async (s) => new Set((await objects(s.redis, 'posts')).map((p) => p.origin.message));

/** Send `n` requests side by side; the ids that were acknowledged, and the other statuses. */
async function burst(s, n, prefix, more = {}) {
  const acked = [], others = [];
  await Promise.all(Array.from({ length: n }, async (_, i) => {
    const rs = await s.daemon.send(one(`${prefix}${i}`), more).catch((e) => ({ status: e.message }));
    if (rs.status === 202) acked.push(`${prefix}${i}`); else others.push(rs.status);
  }));
  return { acked, others };
}

test('an fsync of 1.5 s costs time, and nothing else', { timeout: 60e3 }, async () => {
  const s = await scene({ daemon: { settings: 'store_timeout_ms = 6000\nlease_ms = 10000' }, redis: { env: { LD_PRELOAD: shim() } } });
  try {
    await s.redis.stop();
    s.redis.env.SYNC_MS = '1500';
    await s.redis.start();
    await ready(s, 15000);
    const began = Date.now();
    const { acked } = await burst(s, 40, 'slow-');
    assert.ok(Date.now() - began >= 1000, 'the disk was waited for');
    assert.ok(acked.length > 0);
    await s.redis.kill();
    s.redis.env.SYNC_MS = '0';
    await s.redis.start();
    await ready(s, 5000);
    await decided(s.redis);
    const have = await opened(s);
    assert.deepEqual(acked.filter((id) => !have.has(id)), []);
  } finally { await s.end(); }
});

test('after a power cut every acknowledged message is there', { timeout: 60e3 }, async (t) => {
  const dir = folder(), journal = path.join(dir, 'journal');
  // A little slowness leaves written bytes unsynced at the moment of the cut.
  const s = await scene({ redis: { env: { LD_PRELOAD: shim(), SYNC_JOURNAL: journal, SYNC_MS: '20' } } });
  try {
    const acked = [];
    let cut = 0;
    for (let round = 0; round < 4; round++) {
      let stopped = false, seq = 0;
      const lanes = Array.from({ length: 16 }, async (_, lane) => {
        while (!stopped) {
          const id = `p${round}-${lane}-${seq++}`;
          const rs = await s.daemon.send(one(id, `x-${lane % 4 + 1}`), { timeout: 3000 }).catch(() => null);
          if (rs?.status === 202) acked.push(id);
        }
      });
      const enough = acked.length + 100;
      await until('some load', () => acked.length > enough, 15000, 1);
      await s.redis.kill();
      stopped = true;
      await Promise.all(lanes);
      const synced = new Map(fs.readFileSync(journal, 'utf8').trim().split('\n').map((l) => l.split(' ').reverse()));
      for (const [file, size] of synced) {
        if (!fs.existsSync(file)) continue;
        cut += fs.statSync(file).size - Number(size);
        if (fs.statSync(file).size > Number(size)) fs.truncateSync(file, Number(size));
      }
      await s.redis.start();
      await ready(s, 5000);
    }
    await decided(s.redis);
    const have = await opened(s);
    t.diagnostic(`${acked.length} acknowledged, ${cut} bytes cut off`);
    assert.deepEqual(acked.filter((id) => !have.has(id)), []);
  } finally { await s.end(); fs.rmSync(dir, { recursive: true, force: true }); }
});

test('Redis stands still: 503 within the deadline, no late 2xx, service within 2 s of its return', { timeout: 60e3 }, async () => {
  const s = await scene({ daemon: { settings: 'store_timeout_ms = 1000' } });
  try {
    const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${s.daemon.child.pid}/status`, 'utf8'))[1]);
    const before = rss();
    s.redis.child.kill('SIGSTOP');
    const began = Date.now(), statuses = new Map();
    while (Date.now() - began < 6000) {
      const asked = Date.now();
      const { acked, others } = await burst(s, 50, `hung-${asked}-`);
      assert.deepEqual(acked, []);
      for (const status of others) statuses.set(status, (statuses.get(status) || 0) + 1);
      assert.ok(Date.now() - asked < 2500, `answered after ${Date.now() - asked} ms`);
    }
    assert.deepEqual([...statuses.keys()], [503]);
    const rs = await s.daemon.send(one('hung-last'));
    assert.ok(Number(rs.headers['retry-after']) >= 1);
    assert.ok(rss() - before < 30000, `${rss() - before} KiB more`);
    s.redis.child.kill('SIGCONT');
    const back = Date.now();
    await ready(s, 2000);
    const { others } = await burst(s, 20, 'back-');
    assert.deepEqual(others, []);
    assert.ok(Date.now() - back < 2500);
    await decided(s.redis);
    const have = await opened(s);
    for (let i = 0; i < 20; i++) assert.ok(have.has(`back-${i}`));
  } finally { await s.end(); }
});

test('damaged keys raise an alarm, without a spin, and the other shards go on', { timeout: 60e3 }, async () => {
  const s = await scene({ communities: [1, 2, 3].map((k) => ({ id: `c-t${k}`, buildings: 1, groups: 1, first: k })) });
  try {
    const r = await s.redis.client();
    const communities = await until('the groups to be known', async () => {
      const { json } = await s.daemon.get('/v1/status');
      return json.communities.length === 3 && json.communities;
    });
    const key = (c, what) => `linli:{s${String(communities.find((x) => x.id === c).shard).padStart(2, '0')}}:${what}`;
    assert.equal(new Set(communities.map((c) => c.shard)).size, 3, 'a shard each');
    for (const g of [1, 2, 3]) assert.equal((await s.daemon.send(one(`before-${g}`, `x-${g}`))).status, 202);
    await decided(s.redis);
    // Something else lies where a log, and another shard's posts, should be.
    await r.set(key('c-t1', 'log'), 'not a stream');
    await r.del(key('c-t2', 'posts'));
    await r.set(key('c-t2', 'posts'), 'not a hash');
    assert.equal((await s.daemon.send(one('at-1', 'x-1'))).status, 503, 'not acknowledged where it cannot be kept');
    assert.equal((await s.daemon.send(one('at-2', 'x-2'))).status, 202);
    const shard = (c) => communities.find((x) => x.id === c).shard;
    await until('the alarms', () => new RegExp(`log of shard ${shard('c-t1')} cannot be read.*WRONGTYPE`).test(s.daemon.child.log) && new RegExp(`commit of shard ${shard('c-t2')} is refused.*WRONGTYPE`).test(s.daemon.child.log));
    const cpuBefore = cpu(s.daemon.child), redisBefore = cpu(s.redis.child), began = Date.now(), logged = s.daemon.child.log.length;
    let sent = 0;
    while (Date.now() - began < 4000) {
      assert.equal((await s.daemon.send(one(`on-${sent++}`, 'x-3', '早上好'))).status, 202);
      await new Promise((ok) => setTimeout(ok, 20));
    }
    const share = (cpu(s.daemon.child) - cpuBefore) / ((Date.now() - began) / 1000);
    assert.ok(share < 0.25, `the daemon used ${(share * 100).toFixed(0)} % of a core`);
    assert.ok((cpu(s.redis.child) - redisBefore) / 4 < 0.25, 'Redis is not kept busy');
    assert.ok(s.daemon.child.log.length - logged < 20000, 'the log is not flooded');
    await s.daemon.send(one('at-3', 'x-3'));
    await until('the third to go on', async () => (await r.hvals(key('c-t3', 'posts'))).some((p) => p.includes('"at-3"')));
    // Mended: both go on by themselves.
    await r.del(key('c-t1', 'log'), key('c-t2', 'posts'));
    await until('the first to go on', async () => (await s.daemon.send(one('mended-1', 'x-1'))).status === 202);
    await until('both to be decided', async () => (await r.hvals(key('c-t1', 'posts'))).some((p) => p.includes('"mended-1"')) && (await r.hvals(key('c-t2', 'posts'))).some((p) => p.includes('"at-2"')));
    // The same found at a takeover, on so many shards that taking them again at once would be a spin.
    const metas = Array.from({ length: 64 }, (_, k) => `linli:{s${String(k).padStart(2, '0')}}:cases`).filter((k) => !k.includes(String(shard('c-t3'))));
    await s.daemon.kill();
    for (const k of metas) { await r.rename(k, `${k}:kept`).catch(() => {}); await r.set(k, 'not a hash'); }
    await s.daemon.start();
    await until('the third to serve', async () => (await s.daemon.send(one(`taken-${Date.now()}`, 'x-3'))).status === 202);
    const takenAt = Date.now(), [daemonAt, redisAt] = [cpu(s.daemon.child), cpu(s.redis.child)];
    await until('three seconds of it', () => Date.now() - takenAt > 3000, 5000, 100);
    assert.ok(cpu(s.daemon.child) - daemonAt < 0.75, `${((cpu(s.daemon.child) - daemonAt) / 3 * 100).toFixed(0)} % of a core`);
    assert.ok(cpu(s.redis.child) - redisAt < 0.75, `${((cpu(s.redis.child) - redisAt) / 3 * 100).toFixed(0)} % of Redis' core`);
    assert.equal((await s.daemon.send(one('waits', 'x-2'))).status, 202, 'accepted: its log is whole');
    for (const k of metas) { await r.del(k); await r.rename(`${k}:kept`, k).catch(() => {}); }
    await until('what waited to be decided', async () => (await opened(s)).has('waits'), 8000);
    // A log that is gone takes what was undecided with it, nothing more; leases and epochs come back.
    const keys = await r.keys('linli:{s*}:epoch');
    await r.del(...await r.keys('linli:{s*}:log'), ...keys, ...await r.keys('linli:{s*}:lease'), 'linli:members');
    assert.equal((await s.daemon.send(one('after-del', 'x-3'))).status, 202);
    await until('it to be decided', async () => (await opened(s)).has('after-del'));
  } finally { await s.end(); }
});

test('SCRIPT FLUSH under load fails no request', { timeout: 60e3 }, async () => {
  const s = await scene();
  try {
    const r = await s.redis.client();
    const { acked, unexpected } = await produce(s.daemon, load(400, { seed: 5 }), { onAck: (n) => { if (n % 7 === 0) r.script('FLUSH'); } });
    assert.deepEqual(unexpected, []);
    assert.equal(acked.length, 400);
    await decided(s.redis);
    assert.equal(await s.daemon.metric('messages_unavailable_total'), 0);
    const [item] = (await s.daemon.get('/v1/queue')).json.items;
    if (item) {
      await r.script('FLUSH');
      assert.equal((await s.daemon.post(`/v1/matches/${item.match.id}/approve`, {}, { 'if-match': `"${item.match.version}"` })).status, 200);
    }
  } finally { await s.end(); }
});

test('a wrongly set Redis is no longer acknowledged within 10 s, and again when mended', { timeout: 60e3 }, async () => {
  await Promise.all([['appendonly', 'no', 'yes'], ['maxmemory-policy', 'allkeys-lru', 'noeviction'], ['appendfsync', 'everysec', 'always']].map(async ([name, bad, good]) => {
    const s = await scene();
    try {
      const r = await s.redis.client();
      await r.config('SET', name, bad);
      const began = Date.now();
      await until('503', async () => (await s.daemon.send(one(`w${Math.random()}`, 'x-1', '早上好'))).status === 503, 11000, 50);
      assert.ok(Date.now() - began <= 10500, `after ${Date.now() - began} ms`);
      assert.match(s.daemon.child.log, new RegExp(`${name} ${bad}`), 'the log says how to mend it');
      const rs = await s.daemon.send(one('refused'));
      assert.equal(rs.status, 503);
      assert.ok(rs.headers['retry-after']);
      await r.config('SET', name, good);
      await ready(s, 12000);
    } finally { await s.end(); }
  }));
});

test('a Redis out of memory: 503, nothing is evicted, and service again when there is more', { timeout: 60e3 }, async () => {
  const s = await scene();
  try {
    const r = await s.redis.client();
    const { acked } = await burst(s, 50, 'first-');
    assert.equal(acked.length, 50);
    await decided(s.redis);
    const used = Number(/used_memory:(\d+)/.exec(await r.info('memory'))[1]);
    await r.config('SET', 'maxmemory', String(used - 100000));
    const full = await burst(s, 50, 'full-');
    assert.deepEqual([...new Set(full.others)], [503]);
    assert.deepEqual(full.acked, []);
    assert.equal(Number(/evicted_keys:(\d+)/.exec(await r.info('stats'))[1]), 0);
    const before = cpu(s.daemon.child), began = Date.now();
    await until('a second to pass under pressure', () => Date.now() - began > 1500, 5000, 100);
    assert.ok(cpu(s.daemon.child) - before < 0.4, 'no spin');
    await r.config('SET', 'maxmemory', '0');
    await ready(s, 2000);
    assert.deepEqual((await burst(s, 20, 'more-')).others, []);
    await decided(s.redis);
    const have = await opened(s);
    for (const id of acked) assert.ok(have.has(id));
    assert.ok(have.has('more-19'));
  } finally { await s.end(); }
});

test('replicas:1 acknowledges what a replica has, and nothing without it', { timeout: 60e3 }, async () => {
  const port = await freePort();
  const s = await scene({ redis: { args: ['--port', String(port), '--bind', '127.0.0.1', '--repl-diskless-sync-delay', '0'] },
    replica: port, daemon: { settings: 'durability = "replicas:1"\nstore_timeout_ms = 1000' } });
  try {
    const { acked, others } = await burst(s, 200, 'two-');
    assert.equal(acked.length, 200, others.join());
    const copy = await s.replica.client();
    const streams = async () => (await copy.info('replication')).match(/master_link_status:(\w+)/)[1];
    assert.equal(await streams(), 'up');
    await s.replica.kill();
    const alone = await burst(s, 20, 'alone-');
    assert.deepEqual([alone.acked, new Set(alone.others)], [[], new Set([503])]);
    await s.replica.start();
    await ready(s, 15000);
    await decided(s.redis);
    const have = await opened(s);
    assert.deepEqual(acked.filter((id) => !have.has(id)), []);
  } finally { await s.end(); }
});
