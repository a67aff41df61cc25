// Learning from staff: corrections, the model trained from them, and its way into running daemons.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Daemon, build, decided, folder, message, objects, root, scene, until } from './lib/rig.mjs';

const canary = '16066601234', room = '1703';
/** What the model that came with the program takes for chat; staff will call it an offer for pets. */
const phrases = ['糖包驾到毛团大作战倒计时', '毛团大作战倒计时三二一', '糖包和奶糕今天又胖了半斤哈哈哈'];
/** As JSON, but for its numbers: a time may have the room's digits. */
const words = (o) => JSON.stringify(o, (key, value) => (typeof value === 'number' ? 0 : value));
let s, second, token, phrase;
const files = folder();
const file = (name) => path.join(files, name);

/** linlictl against the first daemon: {code, out, err}. */
const ctl = (...args) => new Promise((resolve) => {
  execFile(path.join(build, 'linlictl'), ['--url', `http://127.0.0.1:${s.daemon.port}`, '--token-file', path.join(s.dir, 'admin.token'), ...args],
    { timeout: 240e3, maxBuffer: 64 << 20, env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
    (e, out, err) => resolve({ code: e ? e.code ?? e.signal : 0, out, err }));
});
const train = (...args) => new Promise((resolve) => {
  execFile(path.join(build, 'linli-train'), args, { timeout: 240e3 }, (e, out, err) => resolve({ code: e ? e.code ?? e.signal : 0, out, err }));
});
const classify = (texts) => new Promise((resolve) => {
  const child = execFile(path.join(build, 'linlictl'), ['classify'], { env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
    (e, out) => resolve(out.trim().split('\n').map((l) => JSON.parse(l))));
  child.stdin.end(texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
});
const models = async () => (await s.daemon.get('/v1/models')).json;
const get = async (route, d = s.daemon) => (await d.get(route)).json;
const sent = async (m) => assert.equal((await s.daemon.send(m)).status, 202);
const postOf = (id) => until(`a post of ${id}`, async () => (await objects(s.redis, 'posts')).find((p) => p.origin.message === id));
const match = (o) => ({ 'if-match': `"${o.version}"` });
const labels = async () => (await get('/v1/labels?limit=1000')).items.map((i) => i.entry);
/** Every loop of every daemon reads with that version. */
const reads = (version) => until(`all to read with ${version}`, async () => {
  for (const d of [s.daemon, second]) for (let i = 0; i < 8; i++) // each connection may come to another loop
    if ((await fetchStatus(d)).model !== version) return false;
  return true;
}, 25000);
async function fetchStatus(d) {
  const rs = await fetch(`http://127.0.0.1:${d.port}/v1/status`, { headers: { authorization: `Bearer ${d.staff}`, connection: 'close' } });
  return rs.json();
}

before(async () => {
  s = await scene({ daemon: { settings: 'threads = 2\nblind_percent = 0\nauto_score_percent = 101' }, buildings: 4, groups: 8, push: false });
  second = new Daemon(folder(), s.redis.address, { name: 'd2', settings: 'blind_percent = 0\nauto_score_percent = 101' });
  second.tokenRow = s.daemon.tokenRow;
  second.staff = s.daemon.staff;
  await second.start();
  const read = await classify(phrases);
  phrase = phrases[read.findIndex((r) => r.intent === 'chat')];
  assert.ok(phrase, 'one of the phrases is chat');
  token = { own: (await fetchStatus(s.daemon)).model };
});
after(async () => {
  await second?.stop();
  await s?.end();
  fs.rmSync(files, { recursive: true, force: true });
});

test('a correction changes the post and leaves a label without contacts', { timeout: 60e3 }, async () => {
  await sent(message('c1', 'x-1', 'u1', `谁家有冲击钻借用一下？我住3栋1单元${room}室，电话${canary}`));
  const post = await postOf('c1');
  const correct = (body, headers = match(post)) => s.daemon.post(`/v1/posts/${post.id}/correct`, body, headers);
  assert.equal((await correct({ category: 'repair' }, {})).status, 428);
  assert.equal((await correct({ category: 'nonsense' })).status, 422);
  assert.equal((await correct({ flags: ['nobody'] })).status, 422);
  assert.equal((await correct({ intent: 'report' })).status, 422, 'a report has a category of its own');
  const done = await correct({ category: 'repair', urgency: 'urgent', flags: ['infant'] });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.category, 'repair');
  assert.equal(done.json.urgency, 'urgent');
  assert.ok(done.json.version > post.version);
  assert.equal((await correct({ category: 'tools' })).status, 412);
  const [label] = await labels();
  assert.equal(label.object, post.id);
  assert.equal(label.before.category, 'tools');
  assert.deepEqual({ ...label.after }, { intent: 'request', category: 'repair', urgency: 'urgent', mode: label.before.mode, flags: ['infant'] });
  assert.equal(label.model, token.own);
  assert.equal(label.actor, 'admin');
  assert.ok(label.first && !label.blind && label.how === 'corrected');
  assert.ok(label.text.includes('冲击钻'));
  const audit = (await get('/v1/audit?limit=1000')).items.find((a) => a.entry.action === 'post.correct');
  assert.match(audit.entry.before, /request tools/);
  assert.match(audit.entry.after, /request repair urgent/);
  // What is taken back is no lesson: of one message the newest label counts.
  const now = done.json;
  assert.equal((await correct({ category: 'tools', urgency: 'normal', flags: [] }, match(now))).status, 200);
  assert.equal((await labels())[0].first, false);
});

test('what was opened wrongly closes, what was missed opens', { timeout: 60e3 }, async () => {
  await sent(message('w1', 'x-2', 'u2', '谁家有梯子借用一下？'));
  const post = await postOf('w1');
  const wrong = await s.daemon.post(`/v1/posts/${post.id}/correct`, { intent: 'chat' }, match(post));
  assert.equal(wrong.json.state, 'withdrawn', wrong.text);
  const right = await s.daemon.post(`/v1/posts/${post.id}/correct`, { intent: 'request' }, match(wrong.json));
  assert.equal(right.json.state, 'withdrawn', 'what has ended stays so; the model learns');
  await sent(message('w2', 'x-3', 'u3', '2栋电梯又坏了'));
  const one = await until('a case', async () => (await get('/v1/cases')).items.find((c) => c.origin.message === 'w2'));
  const done = await s.daemon.post(`/v1/cases/${one.id}/correct`, { intent: 'inquiry' }, match(one));
  assert.equal(done.json.state, 'closed', done.text);
  for (let i = 0; i < 7; i++) await sent(message(`cat-${i}`, `x-${i % 8 + 1}`, `cat${i}`, `${phrase}${'。！～…'[i % 4]}`));
  await decided(s.redis);
  const talk = (await get('/v1/groups/g-1/talk')).items;
  assert.equal(talk.find((t) => t.message === 'cat-0').intent, 'chat');
  assert.ok(!words(talk).includes(canary) && !words(talk).includes(room));
  for (let i = 0; i < 7; i++) {
    const rs = await s.daemon.post(`/v1/groups/g-${i % 8 + 1}/correct`, { message: `cat-${i}`, intent: 'offer', category: 'pets', urgency: 'low', mode: 'give' });
    assert.equal(rs.status, 200, rs.text);
    assert.equal(rs.json.side, 'offer');
    assert.equal(rs.json.category, 'pets');
  }
  assert.equal((await s.daemon.post('/v1/groups/g-1/correct', { message: 'cat-0', intent: 'chat' })).status, 409, 'it has its post now');
  assert.equal((await s.daemon.post('/v1/groups/g-1/correct', { message: 'nobody', intent: 'chat' })).status, 404);
  assert.equal((await s.daemon.post('/v1/groups/g-1/correct', { message: 'cat-0' })).status, 422);
  await sent(message('thanks', 'x-8', 'u9', '早上好'));
  await decided(s.redis);
  const cli = await ctl('correct', 'thanks', '--group', 'g-8', '--intent', 'chat');
  assert.equal(cli.code, 0, cli.err);
});

test('agreement is told with its number, and never as a rate of nothing', { timeout: 60e3 }, async () => {
  const a = await get('/v1/reports/agreement');
  assert.equal(a.blind.n, 0);
  assert.equal(a.blind.intent.rate, null);
  assert.ok(a.shown.n >= 10);
  assert.ok(a.shown.intent.rate > 0 && a.shown.intent.rate < 1);
});

test('a model learns from the corrections, is measured, and reads in every daemon without a stop', { timeout: 300e3 }, async () => {
  const out = await ctl('labels');
  assert.equal(out.code, 0, out.err);
  const lines = out.out.trim().split('\n').map((l) => JSON.parse(l));
  assert.equal(lines.length, (await labels()).length);
  assert.ok(!out.out.includes(canary) && !words(lines).includes(room), 'no contact and no room in the labels');
  const trained = await ctl('model', 'train', '--out', file('b.model'));
  assert.equal(trained.code, 0, trained.err);
  assert.match(trained.out, /corrections: \d+ trained on, \d+ held out, 0 lines passed over/);
  const measured = await ctl('model', 'eval', file('b.model'));
  assert.match(measured.out, /held out, \d+ messages[^]*intent macro-F1[^]*corrections, \d+ messages/);
  assert.equal(measured.code, 0, measured.out + measured.err);
  const used = await ctl('model', 'use', file('b.model'), '--note', 'the cats');
  assert.equal(used.code, 0, used.out + used.err);
  const now = await models();
  token.b = now.current;
  assert.notEqual(token.b, token.own);
  assert.equal(now.previous, 'built-in');
  assert.equal(now.note, 'the cats');
  assert.ok(now.items[0].training.examples > 1000 && now.items[0].training.corrections > 0);
  await reads(token.b);
  await sent(message('cat-new', 'x-5', 'cat-new', `${phrase}！！`));
  const post = await postOf('cat-new');
  assert.equal(post.side, 'offer');
  assert.equal(post.category, 'pets');
  assert.equal(post.model, token.b);
});

test('switching back and forth loses no message and decides none twice', { timeout: 180e3 }, async () => {
  const things = ['电钻', '打气筒', '婴儿车', '轮椅', '充电宝', '雨伞', '卷尺', '螺丝刀', '豆浆机', '折叠床', '血压计', '热水袋'];
  const acked = [];
  let sending = true, n = 0;
  const lane = async (g) => {
    while (sending) {
      const i = n++, id = `sw-${g}-${i}-${things[i % things.length]}`;
      const rs = await (n % 2 ? s.daemon : second).send(message(id, `x-${g}`, `s${i}`, `谁家有${things[i % things.length]}借用一下？`)).catch(() => null);
      if (rs?.status === 202) acked.push(id);
    }
  };
  const lanes = [1, 2, 3, 4].map(lane);
  try {
    for (let i = 0; i < 6; i++) {
      const before = acked.length;
      const now = (await models()).current;
      const rs = await s.daemon.post(i % 2 ? '/v1/models/rollback' : `/v1/models/${now === 'built-in' ? token.b : 'built-in'}/use`, { note: `turn ${i}` }, { 'if-match': `"${now}"` });
      assert.equal(rs.status, 200, rs.text);
      if (i === 3) { // one dies meanwhile, and comes back into it
        await second.kill();
        await second.start();
      }
      await reads(now === 'built-in' ? token.b : token.own);
      await until('messages read with it', () => acked.length > before + 150);
    }
  } finally {
    sending = false;
    await Promise.all(lanes);
  }
  await decided(s.redis);
  const posts = (await objects(s.redis, 'posts')).filter((p) => p.origin.message.startsWith('sw-'));
  const byMessage = new Map();
  for (const p of posts) for (const m of [p.origin.message, ...(p.repeats || [])]) byMessage.set(m, (byMessage.get(m) || 0) + 1);
  assert.deepEqual(acked.filter((id) => byMessage.get(id) !== 1), [], 'each acknowledged request has its one post');
  const by = new Set(posts.map((p) => p.model));
  assert.ok(by.has(token.own) && by.has(token.b), 'both models have read');
  assert.ok((await s.daemon.metric('model_switches_total')) >= 12, 'two loops, six turns');
  assert.equal(await s.daemon.metric('entries_dead_total'), 0);
  const log = (await models()).log;
  assert.ok(log.some((l) => l.action === 'model.rollback' && l.actor === 'admin' && l.reason === 'turn 1'));
});

test('a worse model and a damaged file are refused', { timeout: 240e3 }, async () => {
  const poor = file('poor');
  fs.mkdirSync(path.join(poor, 'text'), { recursive: true });
  for (const f of ['lexicon.tsv', 'cues.tsv', 'classes.tsv']) fs.copyFileSync(path.join(root, 'service/text', f), path.join(poor, f));
  for (const f of ['answers.tsv', 'offers.tsv']) fs.copyFileSync(path.join(root, 'service/text/corpus', f), path.join(poor, 'text', f));
  assert.equal((await train('--corpus', path.join(poor, 'text'), '--out', file('poor.model'))).code, 0);
  const before = (await models()).current;
  const worse = await ctl('model', 'eval', file('poor.model'));
  assert.equal(worse.code, 1);
  assert.match(worse.err, /worse/);
  const refused = await ctl('model', 'use', file('poor.model'));
  assert.equal(refused.code, 1);
  assert.match(refused.err, /--force/);
  assert.equal((await models()).current, before);
  const damaged = fs.readFileSync(file('b.model'));
  damaged[damaged.length >> 1] ^= 1;
  fs.writeFileSync(file('damaged.model'), damaged);
  assert.equal((await ctl('model', 'use', file('damaged.model'), '--force')).code, 3);
  // The server checks for itself, whatever a client did.
  const admin = { authorization: `Bearer ${s.daemon.staff}` }, at = (rest) => `http://127.0.0.1:${s.daemon.port}/v1/models${rest}`;
  for (const [name, bytes] of [['bad-1', damaged], ['bad-2', damaged.subarray(0, 4096)], ['bad-3', Buffer.from('nothing')]]) {
    for (let i = 0; i < bytes.length; i += 500000)
      assert.equal((await fetch(at(`/uploads/${name}?at=${i}`), { method: 'PUT', headers: admin, body: bytes.subarray(i, i + 500000) })).status, 200);
    const rs = await fetch(at(''), { method: 'POST', headers: admin, body: JSON.stringify({ upload: name }) });
    assert.equal(rs.status, 422, await rs.text());
  }
  assert.equal((await fetch(at('/uploads/gap?at=99'), { method: 'PUT', headers: admin, body: 'x' })).status, 409);
  assert.equal((await fetch(at('/uploads/vast?at=16777216'), { method: 'PUT', headers: admin, body: 'x' })).status, 413);
  assert.equal((await s.daemon.post('/v1/models', { upload: 'never' })).status, 404);
  assert.equal((await s.daemon.post('/v1/models/0123/use', {}, { 'if-match': `"${before}"` })).status, 404);
  assert.equal((await s.daemon.post(`/v1/models/${token.b}/use`, {})).status, 428);
  assert.equal((await s.daemon.post(`/v1/models/${token.b}/use`, {}, { 'if-match': '"another"' })).status, 412);
  // The same again changes nothing, neither what runs nor where a step back leads.
  const same = await s.daemon.post(`/v1/models/${before}/use`, {}, { 'if-match': `"${before}"` });
  assert.equal(same.status, 200, same.text);
  assert.notEqual((await models()).previous, before);
  // By force it runs; and one step leads back.
  assert.equal((await ctl('model', 'use', file('poor.model'), '--force')).code, 0);
  const poorVersion = (await models()).current;
  await reads(poorVersion);
  const back = await ctl('model', 'rollback', '--note', 'too poor');
  assert.equal(back.code, 0, back.err);
  assert.equal((await models()).current, before);
  assert.ok((await models()).items.length <= 3);
});

test('a daemon that starts takes the chosen model up, and says loudly when it cannot', { timeout: 120e3 }, async () => {
  const now = (await models()).current;
  if (now !== token.b) assert.equal((await s.daemon.post(`/v1/models/${token.b}/use`, {}, { 'if-match': `"${now}"` })).status, 200);
  await reads(token.b);
  await second.stop();
  await second.start();
  await reads(token.b);
  await second.stop();
  const r = await s.redis.client();
  const key = `linli:{model}:blob:${token.b}`, blob = await r.getBuffer(key);
  await r.set(key, blob.subarray(0, 1000));
  fs.rmSync(path.join(second.dir, 'models'), { recursive: true, force: true });
  await second.start();
  await until('the fallback', async () => (await second.metric('model_fallback')) === 1);
  assert.equal((await fetchStatus(second)).model, token.own);
  assert.match(second.child.log, /was chosen and cannot be loaded/);
  // A damaged choice holds nobody up either.
  await r.rename('linli:{model}', 'kept');
  await r.set('linli:{model}', 'nonsense');
  await second.stop();
  await second.start();
  await until('the fallback', async () => (await second.metric('model_fallback')) === 1);
  await until('work on its shards', async () => (await second.metric('shards_owned')) > 10);
  await sent(message('still', 'x-6', 'still', '谁家有卷尺借用一下？'));
  await postOf('still');
  await r.del('linli:{model}');
  await r.rename('kept', 'linli:{model}');
  await r.set(key, blob);
  await reads(token.b); // they look again by themselves
  assert.equal(await second.metric('model_fallback'), 0);
});

test('a blind share is shown without the reading until a person has given theirs', { timeout: 90e3 }, async () => {
  const blind = await scene({ daemon: { settings: 'blind_percent = 100\nauto_score_percent = 101\nundo_s = 60' }, buildings: 2, groups: 2, push: false });
  try {
    const d = blind.daemon;
    assert.equal((await d.send(message('b1', 'x-1', 'u1', '谁家有电钻借用一下？'))).status, 202);
    assert.equal((await d.send(message('b2', 'x-2', 'u2', '闲置电钻免费送，有需要的吗'))).status, 202);
    assert.equal((await d.send(message('b3', 'x-1', 'u3', '救命！我妈哮喘发作喘不上气，谁家有制氧机'))).status, 202);
    const row = await until('a row', async () => (await d.get('/v1/queue')).json.items.find((i) => i.request?.origin.message === 'b1'));
    for (const o of [row.match, row.request]) {
      assert.equal(o.blind, true);
      for (const name of ['category', 'urgency', 'score', 'reasons', 'mode', 'flags', 'confidence', 'slots', 'runner_up', 'route_why', 'expires']) assert.ok(!(name in o), name);
    }
    assert.ok((await d.get('/v1/queue?category=pets')).json.items.length > 0, 'no filter tells what is not shown');
    const post = (await d.get(`/v1/posts/${row.request.id}`)).json;
    assert.ok(post.blind && !post.category);
    const critical = (await objects(blind.redis, 'posts')).find((p) => p.origin.message === 'b3');
    if (critical) assert.equal((await d.get(`/v1/posts/${critical.id}`)).json.urgency, 'critical', 'life comes first');
    const correct = (body) => d.post(`/v1/posts/${post.id}/correct`, body, match(post));
    assert.equal((await correct({})).status, 422, 'nobody can agree to what they have not seen');
    assert.equal((await correct({ intent: 'request', category: 'tools', urgency: 'normal', mode: 'lend' })).status, 200);
    const shown = (await d.get(`/v1/posts/${post.id}`)).json;
    assert.equal(shown.category, 'tools');
    assert.ok(!shown.blind);
    const a = (await d.get('/v1/reports/agreement')).json;
    assert.equal(a.blind.n, 1);
    assert.equal(a.blind.intent.rate, 1);
    assert.equal(a.shown.n, 0);
    const again = (await d.get('/v1/queue')).json.items.find((i) => i.request?.id === post.id);
    assert.ok(again && typeof again.match.score === 'number' && !again.match.blind);
  } finally { await blind.end(); }
});
