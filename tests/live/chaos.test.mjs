// Kill −9 of the daemon and of Redis at random moments, under load: every acknowledged message has
// its effect exactly once, and the state equals that of an undisturbed run.
import test from 'node:test';
import assert from 'node:assert/strict';
import { scene, objects, decided, until } from './lib/rig.mjs';
import { load, unsettled, produce, shape, random } from './lib/load.mjs';

const DAEMON_KILLS = Number(process.env.LINLI_DAEMON_KILLS || 200);
const REDIS_KILLS = Number(process.env.LINLI_REDIS_KILLS || 50);
const start = Date.now() - 6 * 3600e3;
const day = (n, seed) => [...load(n, { start, seed, apart: true }), ...unsettled({ start: Date.now() - 600e3 })];

async function state(s) {
  await decided(s.redis);
  const [posts, matches, cases, resources] = await Promise.all(['posts', 'matches', 'cases', 'resources'].map((k) => objects(s.redis, k)));
  return { posts, matches, cases, resources };
}

function check(st, acked) {
  const opened = new Map();
  for (const p of st.posts) {
    assert.ok(!opened.has(p.origin.message), `message ${p.origin.message} opened two posts`);
    opened.set(p.origin.message, p);
    assert.ok((p.reserved ?? 0) + (p.fulfilled ?? 0) <= (p.asked ?? 0) + 1e-9, `post ${p.id} is promised beyond its quantity`);
  }
  for (const r of st.resources) assert.ok((r.reserved ?? 0) <= r.capacity + 1e-9, `resource ${r.id} is promised beyond its capacity`);
  assert.equal(new Set(acked).size, acked.length);
}

// Nothing is posted by itself while the load runs: what a closure does to a post depends on whether it
// is out already, and that on the clock. At the end a person approves all that waits, kills or not.
// Each community's messages go one after another, so that their order is the order of sending.
const settings = { daemon: { settings: 'auto_score_percent = 101' },
  communities: [1, 2, 3, 4].map((k) => ({ id: `c-t${k}`, buildings: 1, groups: 2, first: 2 * k - 1 })) };
const lane = (m) => Math.ceil(Number(m.group.slice(2)) / 2);

async function approveAll(s, stopAt) {
  for (;;) {
    if (Date.now() > stopAt) throw new Error('the approvals did not end in time');
    let items = [];
    try {
      for (const { id } of settings.communities) {
        const rs = await s.daemon.get(`/v1/queue?limit=200&community=${id}`);
        items = rs.status === 200 && items ? items.concat(rs.json.items) : null;
      }
    } catch { items = null; }
    if (items && !items.length) return;
    for (const { match } of items || []) {
      try { await s.daemon.post(`/v1/matches/${match.id}/approve`, {}, { 'if-match': `"${match.version}"` }); } catch {}
    }
  }
}

const delivered = (s) => until('every post to be out', async () => (await objects(s.redis, 'outbound')).every((o) => o.state === 'delivered'), 60000, 50);

async function undisturbed(messages) {
  const s = await scene(settings);
  try {
    const { acked, unexpected } = await produce(s.daemon, messages, { lane });
    assert.deepEqual(unexpected, []);
    await decided(s.redis);
    await approveAll(s, Date.now() + 60e3);
    await delivered(s);
    const st = await state(s);
    check(st, acked);
    assert.deepEqual(s.receiver.contradictions(), []);
    return { ...shape(st), keys: new Set(s.receiver.posts.map((p) => p.id)).size };
  } finally { await s.end(); }
}

/** Produce while `harm` runs `times` times; goes round with fresh load until it has. */
async function disturbed(messages, harm, times) {
  const s = await scene(settings);
  try {
    // The load is spread over the kills: before the k-th, only its k parts are let through, so that
    // every kill falls into messages on their way.
    let done = 0, sent = 0, stopped = false;
    const rnd = random(99), part = messages.length / times;
    const gate = () => until('the next kill', () => sent < (done + 1) * part || stopped, 120e3, 1);
    const chaos = (async () => {
      for (; done < times && !stopped; done++) {
        await until('the load to go on', () => sent > (done + rnd() * 0.8) * part || stopped, 120e3, 1);
        await harm(s, rnd);
      }
    })();
    chaos.catch(() => { stopped = true; });
    const { acked, unexpected } = await produce(s.daemon, messages, { lane, onAck: (n) => { sent = n; }, gate, stopAt: Date.now() + 1200e3 });
    await chaos;
    assert.deepEqual(unexpected, [], 'only 202 and 503 are answers');
    await s.daemon.ready();
    await decided(s.redis);
    let approving = true;
    const approvals = approveAll(s, Date.now() + 300e3).finally(() => { approving = false; });
    for (let i = 0; approving && i < 10; i++, done++) await harm(s, rnd);
    await approvals;
    assert.ok(done >= times, `${done} of ${times} kills fell into the work`);
    await s.daemon.ready();
    await delivered(s);
    const st = await state(s);
    check(st, acked);
    assert.deepEqual(s.receiver.contradictions(), [], 'a key was sent with two contents');
    return { shape: { ...shape(st), keys: new Set(s.receiver.posts.map((p) => p.id)).size }, done };
  } finally { await s.end(); }
}

const killDaemon = async (s, rnd) => {
  // A moment of its own, that does not wait for a request to end.
  await new Promise((r) => setTimeout(r, Math.floor(rnd() * 40)));
  await s.daemon.kill();
  await s.daemon.start({ wait: rnd() < 0.7 }).catch(() => s.daemon.start());
};
const killRedis = async (s, rnd) => {
  await new Promise((r) => setTimeout(r, Math.floor(rnd() * 40)));
  await s.redis.kill();
  await s.redis.start();
};

test(`${DAEMON_KILLS} kills of the daemon change nothing`, { timeout: 1500e3 }, async (t) => {
  const messages = day(Math.max(400, DAEMON_KILLS * 8), 7);
  const calm = await undisturbed(messages);
  assert.ok(calm.posts.length > 50 && calm.matches.length > 10 && calm.keys > 20, `the load does something: ${calm.posts.length} posts, ${calm.matches.length} matches, ${calm.keys} sent`);
  const wild = await disturbed(messages, killDaemon, DAEMON_KILLS);
  t.diagnostic(`${wild.done} kills, ${messages.length} messages, ${calm.posts.length} posts, ${calm.matches.length} matches, ${calm.keys} sent`);
  assert.deepEqual(wild.shape, calm);
});

test(`${REDIS_KILLS} kills of Redis lose nothing`, { timeout: 900e3 }, async (t) => {
  const messages = day(Math.max(400, REDIS_KILLS * 12), 8);
  const calm = await undisturbed(messages);
  const wild = await disturbed(messages, killRedis, REDIS_KILLS);
  t.diagnostic(`${wild.done} kills, ${messages.length} messages, ${calm.posts.length} posts, ${calm.keys} sent`);
  assert.deepEqual(wild.shape, calm);
});
