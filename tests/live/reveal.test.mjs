// Contacts: sealed at rest, told to the two parties alone when both agreed, shown to staff for a reason.
// The number is looked for wherever it must not be: in Redis, in the logs, in posts for groups.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, ask, signed, until, objects, decided, build } from './lib/rig.mjs';

const asks = '16066605101', gives = '16066605102';
const settings = 'auto_score_percent = 101';
const policy = { rows: [], follow_up: { reveal_contact: true } };

/** All that lies in Redis, streams and all, as one text. */
async function stored(redis) {
  const r = await redis.client(), all = [];
  for (const key of await r.keys('*')) {
    const type = await r.type(key);
    if (type === 'hash') all.push(...Object.values(await r.hgetall(key)));
    else if (type === 'stream') all.push(...(await r.xrange(key, '-', '+')).flat(3));
    else if (type === 'list') all.push(...await r.lrange(key, 0, -1));
    else if (type === 'set') all.push(...await r.smembers(key));
    else if (type === 'zset') all.push(...await r.zrange(key, 0, -1));
    else all.push(await r.get(key));
  }
  return all.join('\n');
}
const has = (text) => text.includes(asks) || text.includes(gives);
/** Of a place where it must not be. */
async function nowhere(s) {
  await decided(s.redis);
  assert.ok(!has(await stored(s.redis)), 'a contact lies in Redis in the clear');
  assert.ok(!has(s.daemon.child.log), 'a contact is in the log');
}
const audits = async (s) => (await s.daemon.get('/v1/audit?community=c-t&limit=1000')).json.items.map((r) => r.entry).filter((a) => a.action === 'contact.reveal');

async function allow(s) {
  const put = await ask(s.daemon.port, 'PUT', '/v1/policies?community=c-t', { body: JSON.stringify({ ...policy, reason: '试点' }),
    headers: { authorization: `Bearer ${s.daemon.staff}`, 'content-type': 'application/json', 'if-match': '"1"' } });
  assert.equal(put.status, 200, put.text);
}
/** Two people of two groups, each with a number in their words; their match, posted. */
async function posted(s) {
  const say = async (id, group, sender, text) => assert.equal((await s.daemon.send(message(id, group, sender, text))).status, 202);
  await say('give', 'x-2', 'o1', `闲置折叠床免费送，有需要的吗，电话${gives}`);
  await say('ask', 'x-1', 'a1', `谁家有折叠床借用一下？我电话${asks}`);
  const row = await until('the match', async () => (await s.daemon.get('/v1/queue?community=c-t&limit=50')).json.items[0]);
  const rs = await s.daemon.post(`/v1/matches/${row.match.id}/approve`, {}, { 'if-match': `"${row.match.version}"` });
  assert.equal(rs.status, 200, rs.text);
  return row.match.id;
}
const match = async (s, id) => (await objects(s.redis, 'matches')).find((m) => m.id === id);
/** Besides, who asked is told in their group that the helper has said yes. */
const alone = (items) => items.filter((i) => i.type === 'private');
async function agree(s, id) {
  await s.daemon.send(message('yes-1', 'x-1', 'a1', '1'));
  await s.daemon.send(message('yes-2', 'x-2', 'o1', '1'));
  await until('both to agree', async () => (await match(s, id)).state === 'agreed');
}

test('both are told, each alone and once, when both agreed', { timeout: 60e3 }, async () => {
  const failed = new Set();
  const s = await scene({ buildings: 4, daemon: { settings, bot: 'private_messages = true' }, answer: (post) => {
    if (!post.body.includes('"private"') || failed.has(post.id)) return 204;
    failed.add(post.id); // the first try of each: it comes again, the same
    return 500;
  } });
  try {
    await allow(s);
    const id = await posted(s);
    await until('it to be posted', async () => (await match(s, id)).state === 'posted');
    const early = await s.daemon.post(`/v1/matches/${id}/reveal`, {}, { 'if-match': `"${(await match(s, id)).version}"` });
    assert.equal(early.status, 409);
    assert.match(early.json.detail, /both have to agree/);
    await agree(s, id);
    const privates = () => s.receiver.posts.map((p) => JSON.parse(p.body)).filter((p) => p.type === 'private');
    await until('both to come twice', () => privates().length === 4, 20000);
    await until('both to be delivered', async () => (await objects(s.redis, 'outbound')).filter((o) => o.to && o.state === 'delivered').length === 2);
    for (const p of privates()) {
      assert.equal(p.group, undefined);
      assert.ok(p.text.endsWith(p.to === 'o1' ? `\n${asks}` : `\n${gives}`), p.text);
      assert.ok(!p.text.includes(p.to === 'o1' ? gives : asks));
    }
    assert.deepEqual([...new Set(privates().map((p) => p.to))].sort(), ['a1', 'o1']);
    assert.deepEqual(s.receiver.contradictions(), []);
    for (const p of s.receiver.posts) if (JSON.parse(p.body).group) assert.ok(!has(p.body), p.body);
    assert.equal((await audits(s)).length, 2);
    await nowhere(s);
  } finally { await s.end(); }
});

test('a bot that pulls gets it while they agree, and not when it is off', { timeout: 60e3 }, async () => {
  const s = await scene({ buildings: 4, push: false, daemon: { settings, bot: 'private_messages = true' } });
  const bot = (method, route, body = '') => ask(s.daemon.port, method, route, { body, headers: signed(body), timeout: 15000 });
  const pull = async () => (await bot('GET', '/v1/outbox?bot=b&wait=0')).json.items;
  try {
    await allow(s);
    const id = await posted(s);
    const items = await until('the two posts', async () => { const i = await pull(); return i.length === 2 && i; });
    for (const i of items) assert.equal((await bot('POST', `/v1/outbox/${i.id}/ack?bot=b`)).status, 202);
    await until('it to be posted', async () => (await match(s, id)).state === 'posted');
    await agree(s, id);
    const two = await until('both messages', async () => { const i = alone(await pull()); return i.length === 2 && i; });
    assert.deepEqual(two.map((i) => [i.type, i.to, i.group, has(i.text)]).sort(), [['private', 'a1', undefined, true], ['private', 'o1', undefined, true]]);
    assert.equal((await bot('POST', `/v1/outbox/${two[0].id}/ack?bot=b`, JSON.stringify({ outcome: 'failed', error: two[0].text.slice(-60) }))).status, 202);
    await until('the failure to be noted', async () => (await objects(s.redis, 'outbound')).some((o) => o.to && o.last_error));
    await s.daemon.send(message('off', 'x-1', 'a1', '不用了，谢谢'));
    await until('it to be off', async () => !['posted', 'agreed'].includes((await match(s, id)).state));
    await until('nothing to be left for one alone', async () => alone(await pull()).length === 0);
    assert.equal((await audits(s)).length, 2);
    await nowhere(s);
  } finally { await s.end(); }
});

test('with another key nothing is handed out, and an operator can send it again', { timeout: 60e3 }, async () => {
  const s = await scene({ buildings: 4, push: false, daemon: { settings, bot: 'private_messages = true' } });
  const pull = async () => (await ask(s.daemon.port, 'GET', '/v1/outbox?bot=b&wait=0', { headers: signed('') })).json.items;
  const again = async (more) => { await s.daemon.stop(); s.daemon.settings = settings + more; await s.daemon.start(); };
  try {
    await allow(s);
    const id = await posted(s);
    for (const i of await until('the two posts', async () => { const p = await pull(); return p.length === 2 && p; }))
      assert.equal((await ask(s.daemon.port, 'POST', `/v1/outbox/${i.id}/ack?bot=b`, { headers: signed('') })).status, 202);
    await until('it to be posted', async () => (await match(s, id)).state === 'posted');
    await agree(s, id);
    await until('both messages', async () => alone(await pull()).length === 2);
    fs.writeFileSync(path.join(s.dir, 'other.key'), randomBytes(32), { mode: 0o600 });
    await again(`\ncontact_key_file = "${path.join(s.dir, 'other.key')}"`);
    const dead = await until('both to be given up', async () => {
      assert.ok(!has(JSON.stringify(await pull())));
      const letters = (await s.daemon.get('/v1/deadletters?community=c-t')).json.posts;
      return letters.length === 2 && letters;
    });
    for (const d of dead) {
      assert.match(d.last_error, /sealed under another key/);
      assert.equal(d.contacts, undefined);
    }
    await again('');
    for (const d of dead) assert.equal((await s.daemon.post(`/v1/deadletters/${d.id}/replay`, {})).status, 202);
    const items = await until('both again', async () => { const p = alone(await pull()); return p.length === 2 && p; });
    assert.ok(items.every((i) => has(i.text)));
    assert.equal((await audits(s)).length, 2);
    await nowhere(s);
  } finally { await s.end(); }
});

test('a bot that writes to nobody alone is given nothing', { timeout: 60e3 }, async () => {
  const s = await scene({ buildings: 4, daemon: { settings } });
  try {
    await allow(s);
    const id = await posted(s);
    await until('it to be posted', async () => (await match(s, id)).state === 'posted');
    await agree(s, id);
    const m = await match(s, id);
    const by = await s.daemon.post(`/v1/matches/${id}/reveal`, {}, { 'if-match': `"${m.version}"` });
    assert.equal(by.status, 409, by.text);
    assert.match(by.json.detail, /cannot be written to alone/);
    assert.ok(!s.receiver.posts.some((p) => has(p.body)));
    assert.equal((await audits(s)).length, 0);
  } finally { await s.end(); }
});

test('staff see it for a reason, once an entry of the audit; with another key they are told so', { timeout: 60e3 }, async () => {
  const s = await scene({ buildings: 4, daemon: { settings } });
  const ctl = (...args) => spawnSync(path.join(build, 'linlictl'), ['--url', `http://127.0.0.1:${s.daemon.port}`, '--token-file', path.join(s.dir, 'admin.token'), ...args], { encoding: 'utf8', timeout: 20000 });
  try {
    const id = await posted(s), post = (await match(s, id)).request;
    const shown = (await s.daemon.get(`/v1/posts/${post}`)).json;
    assert.equal(shown.contacts, undefined);
    assert.deepEqual([shown.contacts_sealed, shown.contact_kinds], [1, ['phone']]);
    const to = `/v1/posts/${post}/contact`;
    assert.equal((await s.daemon.post(to, {})).status, 422);
    assert.equal((await s.daemon.post('/v1/posts/p63-zzzz/contact', { reason: '回访' })).status, 404);
    assert.equal((await audits(s)).length, 0);

    const viewer = await s.daemon.token('viewer');
    await s.daemon.stop();
    await s.daemon.start();
    assert.equal((await s.daemon.post(to, { reason: '回访' }, { authorization: `Bearer ${viewer}` })).status, 403);
    // A key that another command has used up gives no permission, and one used twice tells twice.
    const edit = await ask(s.daemon.port, 'PATCH', `/v1/posts/${post}`, { body: '{"urgency":"urgent"}', headers: { authorization: `Bearer ${s.daemon.staff}`, 'content-type': 'application/json', 'idempotency-key': 'k1', 'if-match': `"${(await s.daemon.get(`/v1/posts/${post}`)).json.version}"` } });
    assert.equal(edit.status, 200, edit.text);
    for (let n = 1; n <= 2; n++) {
      const got = await s.daemon.post(to, { reason: `打${gives}没人接，回访` }, { 'idempotency-key': 'k1' });
      assert.equal(got.status, 200, got.text);
      assert.equal(got.headers['cache-control'], 'no-store');
      assert.deepEqual(got.json, { post, contacts: [{ kind: 'phone', value: asks }] });
      assert.equal((await audits(s)).length, n);
    }
    const one = (await audits(s))[0];
    assert.deepEqual([one.object, one.actor, one.after], [post, 'admin', 'staff']);
    assert.match(one.reason, /没人接，回访/);
    const printed = ctl('contact', post, '--reason', '回访');
    assert.equal(printed.status, 0, printed.stderr);
    assert.match(printed.stdout, new RegExp(`phone +${asks}`));
    assert.equal(ctl('contact', post).status, 2);
    assert.equal((await audits(s)).length, 3);
    await nowhere(s);

    fs.writeFileSync(path.join(s.dir, 'other.key'), randomBytes(32), { mode: 0o600 });
    await s.daemon.stop();
    s.daemon.settings += `\ncontact_key_file = "${path.join(s.dir, 'other.key')}"`;
    await s.daemon.start();
    const wrong = await s.daemon.post(to, { reason: '回访' });
    assert.equal(wrong.status, 500);
    assert.match(wrong.json.type, /wrong-key$/);
    assert.match(s.daemon.child.log, /sealed under another key than contact_key_file/);
    assert.equal((await audits(s)).length, 3);
  } finally { await s.end(); }
});
