// What operators do at a shell, against a real daemon: the audit, one of the other candidates.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, until, decided, objects, build, community, secret } from './lib/rig.mjs';

let s;
before(async () => {
  s = await scene({ daemon: { settings: 'auto_score_percent = 101\nundo_s = 0\nblind_percent = 0' }, buildings: 3, groups: 4 });
  await sent(message('give-1', 'x-4', 'o1', '闲置电钻免费送，有需要的吗'));
  await sent(message('give-2', 'x-3', 'o2', '家里有电钻，可以借给邻居用'));
  await sent(message('ask-1', 'x-1', 'a1', '谁家有电钻借用一下？'));
  await decided(s.redis);
});
after(() => s?.end());

/** linlictl: {code, out, err}. */
const ctl = (...args) => new Promise((done) => execFile(path.join(build, 'linlictl'),
  ['--url', `http://127.0.0.1:${s.daemon.port}`, '--token-file', path.join(s.dir, 'admin.token'), ...args],
  { timeout: 60e3, maxBuffer: 64 << 20, env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
  (e, out, err) => done({ code: e ? e.code : 0, out, err })));
const done = async (...args) => { const r = await ctl(...args); assert.equal(r.code, 0, r.err + r.out); return r.out; };
const lines = (out) => out.trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
const sent = async (m) => assert.equal((await s.daemon.send(m)).status, 202);
const queue = async () => (await s.daemon.get('/v1/queue')).json.items;

test('show tells why the next one came second, and approve can take that one', async () => {
  const [{ match, request }] = await until('a match in review', async () => { const q = await queue(); return q.length && q; });
  const shown = await done('show', match.id);
  const second = /次选 (\S+?)：/.exec(shown)?.[1];
  assert.ok(second, shown);
  assert.notEqual(second, match.offer);
  assert.equal((await ctl('approve', match.id, '--candidate', 'p99-zz')).code, 1);
  await done('approve', match.id, '--candidate', second, '--note', '住得近');
  const all = await objects(s.redis, 'matches');
  assert.equal(all.find((m) => m.id === match.id).state, 'rejected');
  const taken = all.find((m) => m.request === request.id && (m.offer === second || m.resource === second));
  assert.ok(['approved', 'posted'].includes(taken.state), taken.state);
  assert.equal(taken.note, '住得近');
  await until('it to be posted, so that nothing more happens', async () => (await objects(s.redis, 'matches')).some((m) => m.id === taken.id && m.state === 'posted') && (await objects(s.redis, 'outbound')).every((o) => o.state === 'delivered'));
  await decided(s.redis);
});

test('the audit is exported whole, and by who, what and when', async () => {
  const all = lines(await done('audit', 'export'));
  assert.ok(all.length > 3);
  assert.ok(all.every((r, i) => r.id && r.at_ms && r.actor && r.action && (!i || Number.parseInt(r.id, 10) <= Number.parseInt(all[i - 1].id, 10))));
  const mine = lines(await done('audit', 'export', '--actor', 'admin'));
  assert.deepEqual(mine, all.filter((r) => r.actor === 'admin'));
  assert.ok(mine.some((r) => r.action === 'match.change' && r.after === 'approved'), JSON.stringify(mine));
  const what = lines(await done('audit', 'export', '--action', 'match'));
  assert.deepEqual(what, all.filter((r) => r.action.startsWith('match.')));
  assert.ok(what.length && what.length < all.length);
  const one = lines(await done('audit', 'export', '--object', what[0].object, '--kind', 'matches'));
  assert.deepEqual(one, all.filter((r) => r.object === what[0].object && r.kind === 'matches'));
  const at = Number.parseInt(all[1].id, 10), time = (ms) => new Date(ms).toISOString();
  assert.deepEqual(lines(await done('audit', 'export', '--from', time(at), '--to', time(at + 1))), all.filter((r) => Number.parseInt(r.id, 10) === at));
  assert.equal((await done('audit', 'export', '--to', '2026-01-01')).trim(), '');
  assert.equal((await ctl('audit', 'export', '--from', 'yesterday')).code, 1);
  assert.equal((await ctl('audit', 'import')).code, 2);
});

test('a page of the audit is full though few rows pass, and none comes twice', async () => {
  const all = (await s.daemon.get('/v1/audit?limit=1000&action=post')).json.items.map((r) => r.id + r.entry.object);
  const paged = [];
  for (let cursor = ''; cursor !== null;) {
    const { json } = await s.daemon.get(`/v1/audit?limit=2&action=post${cursor && `&cursor=${cursor}`}`);
    assert.ok(json.items.length === 2 || json.next === null);
    paged.push(...json.items.map((r) => r.id + r.entry.object));
    cursor = json.next;
    assert.ok(paged.length <= all.length);
  }
  assert.deepEqual(paged, all);
});

test('a test post tells what a platform answers, and is in the audit', async () => {
  const before = s.receiver.posts.length;
  assert.match(await done('bot', 'test', 'g-2'), /delivered/);
  assert.equal(s.receiver.posts.length, before + 1);
  const post = s.receiver.posts.at(-1), body = JSON.parse(post.body);
  assert.equal(body.group, 'x-2');
  assert.match(body.text, /测试/);
  assert.ok(post.headers['webhook-signature']);
  s.receiver.answer = () => ({ status: 403 });
  const refused = await ctl('bot', 'test', 'g-2');
  assert.equal(refused.code, 1);
  assert.match(refused.out, /403/);
  s.receiver.answer = () => 204;
  assert.equal((await ctl('bot', 'test', 'g-none')).code, 1);
  assert.equal((await ctl('bot', 'test')).code, 2);
  assert.equal(lines(await done('audit', 'export', '--action', 'group.test')).length, 2);
  assert.equal((await objects(s.redis, 'outbound')).filter((o) => /测试/.test(o.text)).length, 0);
  const row = { connector: 'generic', bot: 'nobody', external_id: 'x-99', place: 'b-1' };
  const typed = await ctl('group', 'g-pull', '--new', ...Object.entries(row).map(([k, v]) => `${k}=${v}`));
  assert.equal(typed.code, 1);
  assert.match(typed.err, /bot: the settings have no bot nobody/);
  assert.match((await ctl('group', 'g-2', 'connector=zzz')).err, /connector: there is no connector zzz/);
  const { places } = community(8);
  const taken = await s.daemon.post('/v1/import', { places, groups: [{ id: 'g-pull', ...row }] });
  assert.match(taken.json.notes[0], /g-pull.*no bot nobody/);
  assert.match((await ctl('bot', 'test', 'g-pull')).err, /409/);
});

test('what is wrong is said with its place: the line, the column, the id', async () => {
  const file = path.join(s.dir, 'lines.ndjson'), secretFile = path.join(s.dir, 'bot.secret');
  const at = (id, group) => JSON.stringify(message(id, group, 'o1', '大家好'));
  fs.writeFileSync(file, [at('ln-1', 'x-1'), '', at('ln-2', 'x-nowhere'), at('ln-3', 'x-1')].join('\n'));
  fs.writeFileSync(secretFile, secret, { mode: 0o600 });
  const replay = (...more) => ctl('replay', file, '--bot', 'b', '--secret-file', secretFile, ...more);
  const one = await replay('--prefix', 'one-');
  assert.equal(one.code, 1);
  assert.match(one.err, /line 3: .*x-nowhere/);
  assert.doesNotMatch(one.err, /line [124]:/);
  const all = await replay('--prefix', 'all-', '--batch', '9');
  assert.match(all.err, /line 3: .*x-nowhere/);
  const { json: { items: [party] } } = await s.daemon.get('/v1/parties?limit=1');
  assert.match((await ctl('party', party.id, 'availability=下午')).err, / \/availability: is not like/);
  assert.match((await ctl('party', 'p-new', '--new', 'name=x')).err, / \/(place|kind): /);
  assert.match((await ctl('party', 'p-nobody')).err, /404 .*parties\/p-nobody: there is no p-nobody/);
  assert.match((await ctl('resource', 'r-new', '--new', `party=${party.id}`, 'category=tools', 'scope=estate')).err, /\/items: it is nothing/);
});

test('many are decided at once, each by the version seen, and each with its result', async () => {
  for (const [i, thing] of ['打气筒', '卷尺', '雨伞', '折叠床'].entries()) {
    await sent(message(`bulk-give-${i}`, 'x-4', `bo${i}`, `闲置${thing}免费送，有需要的吗`));
    await sent(message(`bulk-ask-${i}`, 'x-1', `ba${i}`, `谁家有${thing}借用一下？`));
  }
  await decided(s.redis);
  const rows = (await until('four in review', async () => { const q = await queue(); return q.length >= 4 && q; })).map((r) => r.match);
  const bulk = (body) => s.daemon.post('/v1/bulk', body);
  const seen = (m) => ({ id: m.id, version: m.version });
  const fit = rows.filter((m) => m.score >= 0.75);
  assert.ok(fit.length >= 2);
  const [first, ...rest] = fit;
  const mixed = await bulk({ decision: 'approve', items: [seen(first), { id: rest[0].id, version: rest[0].version + 1 }, { id: 'm00-zz', version: 1 }, { id: 'nonsense', version: 1 }] });
  assert.equal(mixed.status, 207, mixed.text);
  assert.deepEqual(mixed.json.results.map((r) => r.status), [200, 412, 404, 404]);
  assert.equal(mixed.json.refused, 3);
  assert.ok(['approved', 'posted'].includes((await objects(s.redis, 'matches')).find((m) => m.id === first.id).state));
  const left = rows.filter((m) => m.id !== first.id);
  assert.equal((await bulk({ decision: 'reject', items: left.map(seen) })).status, 422, 'a rejection needs its reason');
  const all = await bulk({ decision: 'reject', reason: '东西已经没有了', items: left.map(seen) });
  assert.equal(all.status, 200, all.text);
  assert.deepEqual(all.json.results.map((r) => r.id), left.map((m) => m.id));
  const now = await objects(s.redis, 'matches');
  assert.ok(left.every((m) => now.find((x) => x.id === m.id).state === 'rejected'));
  for (const bad of [{}, { decision: 'burn', items: [seen(first)] }, { decision: 'approve', items: [] }, { decision: 'dispatch', items: [seen(first)] }, { decision: 'seen', items: Array(101).fill(seen(first)) }])
    assert.equal((await bulk(bad)).status, 422);
  assert.equal((await s.daemon.post('/v1/bulk', { decision: 'approve', items: [seen(first)] }, { authorization: 'Bearer nobody' })).status, 401);
  // What comes to harm is looked at by itself, however well it fits.
  await sent(message('bulk-care', 'x-4', 'bo9', '家里有多的退烧药，没拆封，需要的邻居可以来拿'));
  await sent(message('bulk-ill', 'x-1', 'ba9', '谁家有退烧药，孩子发烧了，急用'));
  await decided(s.redis);
  const careful = await until('it to be in review', async () => (await queue()).map((r) => r.match).find((m) => m.category === 'medicine'));
  const refused = await bulk({ decision: 'approve', items: [seen(careful)] });
  assert.deepEqual([refused.status, refused.json.results[0].status], [207, 409], refused.text);
});

test('shards tell who has them, and what waits there', async () => {
  await decided(s.redis);
  const { items } = (await s.daemon.get('/v1/shards')).json;
  assert.equal(items.length, 64);
  assert.ok(items.every((x, i) => x.shard === i && x.owner && Date.now() - Date.parse(x.heartbeat) < 60e3 && x.undecided === 0 && x.oldest_ms === 0));
  assert.equal(new Set(items.map((x) => x.owner)).size, 1);
  const redis = await s.redis.client();
  await redis.set('linli:{s05}:lease', 'somebody-gone');
  await redis.xadd('linli:{s06}:dead', '*', 'e', 'x', 'why', 'test');
  const now = (await s.daemon.get('/v1/shards')).json.items;
  assert.equal(now[6].dead, 1);
  assert.ok(now[5].owner === 'somebody-gone' ? now[5].heartbeat === null : now[5].owner === items[5].owner);
  await redis.del('linli:{s06}:dead');
  const out = await done('shards');
  assert.equal(out.trim().split('\n').length, 64);
  assert.ok(out.includes(items[0].owner));
});

test('a person is erased from Redis, and only by an admin', async () => {
  const redis = await s.redis.client();
  const everything = async () => {
    let all = '';
    for (const key of await redis.keys('linli:*')) {
      const kind = await redis.type(key);
      all += kind === 'hash' ? JSON.stringify(await redis.hgetall(key)) : kind === 'stream' ? JSON.stringify(await redis.xrange(key, '-', '+'))
        : kind === 'list' ? JSON.stringify(await redis.lrange(key, 0, -1)) : '';
    }
    return all;
  };
  await sent({ ...message('gone-1', 'x-2', 'leaver-7', '谁家有轮椅借用一下？电话16066605999'), sender: { id: 'leaver-7', name: '许离人' } });
  await sent({ ...message('gone-2', 'x-2', 'leaver-7', '今天菊花开得真好'), sender: { id: 'leaver-7', name: '许离人' } });
  await decided(s.redis);
  for (const trace of ['leaver-7', '许离人', '菊花', '轮椅']) assert.ok((await everything()).includes(trace), trace);
  const staff = await s.daemon.token('staff');
  await s.daemon.configure();
  s.daemon.child.kill('SIGHUP');
  const asStaff = () => s.daemon.post('/v1/erase', { sender: 'leaver-7', reason: '本人要求' }, { authorization: `Bearer ${staff}` });
  await until('the token to be known', async () => (await asStaff()).status === 403);
  assert.equal((await s.daemon.post('/v1/erase', { sender: 'leaver-7', party: 'p-wy', reason: '?' })).status, 422);
  assert.ok((await everything()).includes('leaver-7'));
  assert.equal((await ctl('erase', '--sender', 'leaver-7')).code, 2);
  assert.match(await done('erase', '--sender', 'leaver-7', '--reason', '本人要求'), /1 posts/);
  const left = await everything();
  for (const trace of ['leaver-7', '许离人', '菊花', '轮椅']) assert.ok(!left.includes(trace), trace);
  assert.equal((await ctl('erase', '--sender', 'leaver-7', '--reason', '本人要求')).code, 1);
  const audit = lines(await done('audit', 'export', '--action', 'person.erase'));
  assert.equal(audit.length, 1);
  assert.equal(audit[0].reason, '本人要求');
});
