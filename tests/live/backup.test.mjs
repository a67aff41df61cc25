// A backup of a running service, and what a restore makes of it: the same state, and no post twice.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, until, decided, objects, build, PrivateRedis, Daemon, folder } from './lib/rig.mjs';
import { load, unsettled, produce, shape } from './lib/load.mjs';

const settings = 'auto_score_percent = 101\nundo_s = 600\nblind_percent = 0\nshards = 2';
const ends = [];
after(async () => { for (const end of ends.reverse()) await end(); });

const run = (conf, args) => new Promise((done) => execFile(path.join(build, 'linlictl'), [...args, '--config', conf],
  { timeout: 120e3, env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
  (e, out, err) => done({ code: e ? e.code : 0, out, err })));
const kinds = ['places', 'groups', 'parties', 'resources', 'policies', 'posts', 'matches', 'cases', 'outbound', 'advice', 'tallies', 'habits', 'topics', 'alerts'];

async function state(redis) {
  const all = {};
  for (const kind of kinds) all[kind] = (await objects(redis, kind)).map((o) => JSON.stringify(o)).sort();
  return all;
}
/** Of a community: every object that has its name, as text. */
const of = (all, community) => Object.fromEntries(Object.entries(all).map(([k, rows]) => [k, rows.filter((r) => r.includes(`"${community}"`))]));

async function another(s, name, { sections = '', more = '' } = {}) {
  const dir = folder();
  const redis = await new PrivateRedis(dir).start();
  const daemon = new Daemon(s.dir, redis.address, { name, settings: settings + more, sections });
  daemon.tokenRow = s.daemon.tokenRow;
  daemon.staff = s.daemon.staff;
  daemon.push = s.receiver.url;
  await daemon.configure();
  ends.push(async () => { if (daemon.child) await daemon.stop(); await redis.stop(); fs.rmSync(dir, { recursive: true, force: true }); });
  return { redis, daemon };
}

test('a backup of all comes back: state, audit, duplicates, what was undecided; and nothing is sent again', async () => {
  const s = await scene({ daemon: { settings }, communities: [{ id: 'c-a', groups: 2 }, { id: 'c-b', groups: 2, first: 3 }] });
  ends.push(() => s.end());
  const said = [...unsettled({ communities: 2 }), ...load(300, { groups: 4, apart: false })];
  await produce(s.daemon, said);
  await decided(s.redis);
  const review = async (d, c) => (await d.get(`/v1/queue?community=${c}`)).json.items;
  const [first, second] = await until('two in review', async () => { const q = await review(s.daemon, 'c-a'); return q.length > 1 && q; });
  // One waits for its undo delay when the backup is made; with a shorter one another is out.
  const approve = async (d, m) => assert.equal((await d.post(`/v1/matches/${m.id}/approve`, {}, { 'if-match': `"${m.version}"` })).status, 200);
  await approve(s.daemon, first.match);
  await s.daemon.stop();
  s.daemon.settings = settings.replace('undo_s = 600', 'undo_s = 0');
  await s.daemon.start();
  await until('the second to be seen', async () => (await review(s.daemon, 'c-a')).some((r) => r.match.id === second.match.id));
  await approve(s.daemon, (await s.daemon.get(`/v1/matches/${second.match.id}`)).json.item.match);
  await until('it to be posted', async () => (await objects(s.redis, 'matches')).find((m) => m.id === second.match.id).state === 'posted');
  const waiting = (await objects(s.redis, 'outbound')).filter((o) => !o.state) /* waiting: what is the first of its kind is left out */;
  assert.ok(waiting.some((o) => o.match === first.match.id));
  await s.daemon.stop();
  // Taken in, and decided by nobody yet.
  s.daemon.settings = `${settings}\nown_shards = false`;
  await s.daemon.start({ wait: false });
  await until('it to be taken in', async () => (await s.daemon.send(message('late', 'x-1', 'u-late', '谁家有拐杖借用一下？'))).status === 202);

  const file = path.join(s.dir, 'all.backup');
  const made = await run(s.daemon.conf, ['backup', file]);
  assert.equal(made.code, 0, made.err);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.equal((await run(s.daemon.conf, ['backup', '/nowhere/x'])).code, 3);
  await s.daemon.stop();
  const before = await state(s.redis), shaped = { posts: await objects(s.redis, 'posts'), cases: await objects(s.redis, 'cases'), matches: await objects(s.redis, 'matches') };
  const sent = s.receiver.posts.length;

  const n = await another(s, 'd2');
  const restored = await run(n.daemon.conf, ['restore', file]);
  assert.equal(restored.code, 0, restored.err);
  assert.match(restored.out, /held back/);
  const held = new Set(waiting.map((o) => o.match));
  const now = await state(n.redis);
  for (const kind of kinds.filter((k) => !['posts', 'matches', 'outbound', 'tallies', 'alerts'].includes(k))) assert.deepEqual(now[kind], before[kind], kind);
  const untouched = (rows) => rows.filter((r) => ![...held].some((m) => r.includes(`"${m}"`)));
  for (const kind of ['matches', 'outbound']) assert.deepEqual(untouched(now[kind]), untouched(before[kind]), kind);

  await n.daemon.start();
  await decided(n.redis);
  await until('what was undecided to have its effect', async () => (await objects(n.redis, 'posts')).some((p) => p.origin.message === 'late'));
  const again = (await review(n.daemon, 'c-a')).map((r) => r.match.id);
  assert.ok(again.includes(first.match.id), 'what waited to be posted is in review again');
  // The same messages once more: none has its effect a second time.
  await produce(n.daemon, said);
  await decided(n.redis);
  const posts = (await objects(n.redis, 'posts')).filter((p) => p.origin.message !== 'late');
  const mine = { posts, cases: await objects(n.redis, 'cases'), matches: [] };
  assert.deepEqual(shape(mine).posts.map((p) => p.split(' ')[0]), shape({ ...shaped, matches: [] }).posts.map((p) => p.split(' ')[0]));
  assert.equal(s.receiver.posts.length, sent, 'no post went out again');
  const audit = (await n.daemon.get('/v1/audit?community=c-a&limit=1000')).json.items.map((r) => r.id);
  assert.ok(audit.length > 50 && audit.every((id, i) => !i || Number.parseInt(id, 10) <= Number.parseInt(audit[i - 1], 10)));
  const dead = (await n.daemon.get('/v1/deadletters?community=c-a')).json.posts;
  assert.ok(dead.some((o) => o.match === first.match.id && /restored/.test(o.last_error)));

  // While a daemon runs, and where there is something, and of a file that was changed: not at all.
  assert.match((await run(n.daemon.conf, ['restore', file])).err, /a daemon runs/);
  await n.daemon.stop();
  const full = await state(n.redis);
  assert.match((await run(n.daemon.conf, ['restore', file])).err, /something already/);
  const text = fs.readFileSync(file, 'utf8'), other = path.join(s.dir, 'other.backup');
  for (const [bad, why] of [[text.replace('梯子', '样子'), /checksum/], [text.slice(0, text.length / 2), /cut off|cannot be read/], [text.split('\n').slice(0, -2).join('\n'), /cut off|checksum/], ['', /no backup/], ['{}\n', /no backup/]]) {
    fs.writeFileSync(other, bad);
    const refused = await run(n.daemon.conf, ['restore', other, '--replace']);
    assert.equal(refused.code, 3);
    assert.match(refused.err, why);
  }
  assert.deepEqual(await state(n.redis), full);
  // Contacts that nobody here can open are told of before anything is written.
  fs.renameSync(path.join(s.dir, 'contact.key'), path.join(s.dir, 'kept.key'));
  assert.match((await run(n.daemon.conf, ['restore', file, '--replace'])).err, /contact\.key/);
  assert.deepEqual(await state(n.redis), full);
  fs.renameSync(path.join(s.dir, 'kept.key'), path.join(s.dir, 'contact.key'));
  const over = await run(n.daemon.conf, ['restore', file, '--replace']);
  assert.equal(over.code, 0, over.err);
  assert.ok(!(await objects(n.redis, 'posts')).some((p) => p.origin.message === 'late'), 'it is undecided again');
});

test('a community comes back alone, and its neighbour in the same shard stays as it is', async () => {
  const one = settings.replace('shards = 2', 'shards = 1');
  const s = await scene({ daemon: { settings: one }, communities: [{ id: 'c-a', groups: 2 }, { id: 'c-b', groups: 2, first: 3 }] });
  ends.push(() => s.end());
  await produce(s.daemon, unsettled({ communities: 2 }));
  await decided(s.redis);
  const file = path.join(s.dir, 'a.backup');
  const made = await run(s.daemon.conf, ['backup', file, '--community', 'c-a']);
  assert.equal(made.code, 0, made.err);
  assert.ok(!fs.readFileSync(file, 'utf8').includes('"c-b'), 'nothing of the other one');
  const then = of(await state(s.redis), 'c-a');
  // Both go on.
  await s.daemon.send(message('later-a', 'x-1', 'u-1', '谁家有缝纫机借用一下？'));
  await s.daemon.send(message('later-b', 'x-3', 'u-1', '谁家有缝纫机借用一下？'));
  await decided(s.redis);
  await s.daemon.stop();
  const neighbour = of(await state(s.redis), 'c-b');
  assert.match((await run(s.daemon.conf, ['restore', file])).err, /something already/);
  const back = await run(s.daemon.conf, ['restore', file, '--replace']);
  assert.equal(back.code, 0, back.err);
  assert.deepEqual(of(await state(s.redis), 'c-a'), then);
  assert.deepEqual(of(await state(s.redis), 'c-b'), neighbour);
  await s.daemon.start();
  for (const [c, there] of [['c-a', false], ['c-b', true]]) {
    const posts = (await s.daemon.get(`/v1/posts?community=${c}&limit=1000`)).json.items;
    assert.equal(posts.some((p) => /later/.test(p.origin?.message ?? p.message)), there, c);
    assert.ok((await s.daemon.get(`/v1/queue?community=${c}`)).json.items.length > 0, c);
  }
  // A new id is new, though the backup is older than the neighbour's last.
  await s.daemon.send(message('new-a', 'x-1', 'u-2', '谁家有帐篷借用一下？'));
  await decided(s.redis);
  const ids = (await objects(s.redis, 'posts')).map((p) => p.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok((await objects(s.redis, 'posts')).some((p) => p.origin.message === 'new-a'));
});
