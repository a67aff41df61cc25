// Two daemons on one Redis: one is stopped past its lease and goes on; it may change nothing then.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Daemon, scene, objects, decided, until } from './lib/rig.mjs';
import { load, produce } from './lib/load.mjs';

const opened = async (redis) => {
  const posts = await objects(redis, 'posts');
  const seen = new Set();
  for (const p of posts) {
    assert.ok(!seen.has(p.origin.message), `message ${p.origin.message} opened two posts`);
    seen.add(p.origin.message);
  }
  return posts;
};

test('a daemon stopped past its lease is fenced off when it goes on', { timeout: 120e3 }, async () => {
  const s = await scene();
  try {
    const messages = load(600, { seed: 21 });
    const first = s.daemon;
    await produce(first, messages.slice(0, 200));
    const second = new Daemon(s.dir, s.redis.address, { name: 'd2', settings: '' });
    second.push = s.receiver.url;
    second.tokenRow = first.tokenRow;
    second.staff = first.staff;
    await second.start();
    await until('the shards to spread', async () => (await second.metric('shards_owned')) > 0);
    // Stop it with work in its hands: messages are on their way to it while it stands still.
    const tail = produce(first, messages.slice(200, 260)).catch(() => null);
    await until('work to reach it', async () => (await first.metric('messages_accepted_total')) > 205);
    first.child.kill('SIGSTOP');
    await until('the other to own all shards', async () => (await second.metric('shards_owned')) === 64, 20000);
    await produce(second, messages.slice(260, 500));
    await decided(s.redis);
    first.child.kill('SIGCONT');
    await tail;
    await until('both to share again', async () => (await first.metric('shards_owned')) > 0 && (await first.metric('shards_owned')) + (await second.metric('shards_owned')) === 64, 20000);
    await produce(second, messages.slice(200)); // all of them again: nothing doubles
    await decided(s.redis);
    const posts = await opened(s.redis);
    assert.ok(posts.length > 50);
    assert.deepEqual(s.receiver.contradictions(), []);
    await second.stop();
  } finally { await s.end(); }
});

test('shards spread over three processes and come back when one dies', { timeout: 90e3 }, async () => {
  const s = await scene();
  const more = [];
  try {
    for (const name of ['d2', 'd3']) {
      const d = new Daemon(s.dir, s.redis.address, { name, settings: 'threads = 2' });
      d.tokenRow = s.daemon.tokenRow;
      await d.start();
      more.push(d);
    }
    const owned = async (list) => (await Promise.all(list.map((d) => d.metric('shards_owned')))).reduce((a, b) => a + b, 0);
    const all = [s.daemon, ...more];
    await until('a fair share each', async () => (await owned(all)) === 64 && (await s.daemon.metric('shards_owned')) <= 20, 20000);
    await more[0].kill();
    await until('the others to take over', async () => (await owned([s.daemon, more[1]])) === 64, 20000);
    const { unexpected } = await produce(s.daemon, load(100, { seed: 3 }));
    assert.deepEqual(unexpected, []);
    await decided(s.redis);
  } finally {
    for (const d of more) await d.stop();
    await s.end();
  }
});
