// The adviser: asked in doubt, beside the work, by a server that also misbehaves. Nothing waits for
// it, nothing private reaches it, and its answers change nothing but their own mark.
import test from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { scene, message, community, start, build, until, decided, objects } from './lib/rig.mjs';
import { load, shape, produce } from './lib/load.mjs';

const key = 'sk-live-canary-7c1f';
const advice = { intent: 'offer', category: 'food', urgency: 'low', confidence: 'fairly' };
const reply = (content) => JSON.stringify({ choices: [{ message: { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content) } }] });

/** What a server can do to us; each takes the answer in its hands. */
const ways = {
  good: (rs) => rs.end(reply(advice)),
  fenced: (rs) => rs.end(reply('```json\n' + JSON.stringify(advice) + '\n```')),
  hang: () => {},
  slow: (rs) => { rs.writeHead(200); rs.write(reply(advice).slice(0, 20)); }, // and no more
  garbage: (rs) => rs.end('<html>no</html>'),
  shapeless: (rs) => rs.end('{"choices":[]}'),
  prose: (rs) => rs.end(reply('Sure, I would say it is a request.')),
  codes: (rs) => rs.end(reply({ ...advice, category: 'ladders' })),
  huge: (rs) => rs.end('x'.repeat(1 << 20)),
  limited: (rs) => { rs.writeHead(429, { 'retry-after': '2' }); rs.end(); },
  error: (rs) => { rs.writeHead(500); rs.end('{}'); },
  away: (rs) => { rs.writeHead(302, { location: '/elsewhere' }); rs.end(); },
  close: (rs) => rs.destroy(),
};
const kinds = { hang: 'silent', slow: 'silent', close: 'silent', garbage: 'json', shapeless: 'reply', prose: 'codes', codes: 'codes', huge: 'large', error: 'status', away: 'status' };

class Adviser {
  asked = [];
  how = () => 'good';
  async start() {
    this.server = http.createServer((rq, rs) => {
      const parts = [];
      rq.on('error', () => {});
      rs.on('error', () => {});
      rq.on('data', (d) => parts.push(d));
      rq.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const q = { url: rq.url, headers: rq.headers, body, at: Date.now() };
        try { q.text = JSON.parse(body).messages.at(-1).content; } catch {}
        this.asked.push(q);
        ways[this.how(q)](rs);
      });
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/v1/chat/completions`;
    return this;
  }
  stop() { this.server.closeAllConnections(); this.server.close(); }
}

const settings = (a, more = {}) => Object.entries({ adviser_url: `"${a.url}"`, adviser_model: '"local-1"', adviser_private: true, adviser_timeout_ms: 3000,
  adviser_per_minute: 6000, adviser_margin_percent: 100, auto_score_percent: 101, ...more }).map(([k, v]) => `${k} = ${v}`).join('\n');

/** A scene with an adviser; the key's file lies in the scene's own folder. */
async function advised(more = {}, shape = {}) {
  const adviser = await new Adviser().start();
  const s = await scene({ push: false, groups: 8, ...shape, daemon: { settings: settings(adviser, more) } });
  return Object.assign(s, { adviser, count: async (name) => await s.daemon.metric(`adviser_${name}_total`),
    async finish() { await s.end(); adviser.stop(); } });
}
const send = async (s, m) => assert.equal((await s.daemon.send(m)).status, 202);
const postBy = async (s, id) => (await s.daemon.get('/v1/posts?limit=1000')).json.items.find((p) => p.origin.message === id);

let n = 0;
const things = ['电钻', '打气筒', '婴儿车', '轮椅', '充电宝', '雨伞', '卷尺', '螺丝刀', '豆浆机', '折叠床', '血压计', '热水袋'];
/** Somebody new asks for a thing: a message of its own that opens a request. */
const wish = (more = {}) => { n++; return message(`w${n}`, `x-${n % 8 + 1}`, `u${n}`, `谁家有${things[n % things.length]}借用一下？`, more); };

test('a suggestion is marked, shown with its post, and stands once', { timeout: 60e3 }, async () => {
  const s = await advised();
  try {
    const file = path.join(s.dir, 'adviser.key');
    fs.writeFileSync(file, `${key}\n`, { mode: 0o600 });
    s.daemon.settings += `\nadviser_key_file = "${file}"`;
    await s.daemon.configure();
    s.daemon.child.kill('SIGHUP');
    await until('the reload', () => /reload: done/.test(s.daemon.child.log));
    const m = wish();
    await send(s, m);
    const post = await until('the suggestion', async () => { const p = await postBy(s, m.id); return p?.suggestion && p; });
    const { at, ...rest } = post.suggestion;
    assert.deepEqual(rest, { source: 'adviser', model: 'local-1', ...advice });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60e3);
    assert.equal(post.side, 'request'); // whatever the adviser thinks
    assert.equal(post.category, 'tools');
    assert.equal(post.state, 'open');
    const [q] = s.adviser.asked;
    assert.equal(q.url, '/v1/chat/completions');
    assert.equal(q.headers.authorization, `Bearer ${key}`);
    assert.equal(JSON.parse(q.body).model, 'local-1');
    // In the queue, beside what waits for a person.
    await send(s, message('drill', 'x-1', 'q1', '谁家有冲击钻借用一下？'));
    await send(s, message('drill-give', 'x-5', 'q2', '闲置冲击钻免费送，有需要的吗'));
    await until('the queue to show it', async () => (await s.daemon.get('/v1/queue')).json.items.find((r) => r.request?.origin.message === 'drill' && r.request.suggestion?.source === 'adviser'));
    // The same message again: no second effect, no second question.
    const before = s.adviser.asked.length, { version } = await postBy(s, m.id);
    await send(s, m);
    await decided(s.redis);
    assert.equal(s.adviser.asked.length, before);
    assert.equal((await postBy(s, m.id)).version, version);
    // The audit and the live events tell of it; the key is told by nobody.
    const audit = (await s.daemon.get('/v1/audit?limit=200')).json.items.map((r) => r.entry).find((a) => a.action === 'suggestion' && a.object === post.id);
    assert.equal(audit.actor, 'adviser');
    const redis = await s.redis.client(), events = [];
    for (const at of await redis.keys('linli:{s*}:events')) events.push(JSON.stringify(await redis.xrange(at, '-', '+')));
    assert.ok(events.some((e) => e.includes('suggestion') && e.includes(m.id)));
    const shown = start(path.join(build, 'linlid'), ['--config', s.daemon.conf, '--print-config']);
    await shown.said;
    assert.match(shown.log, /adviser_key_file/);
    for (const text of [s.daemon.child.log, shown.log, fs.readFileSync(`/proc/${s.daemon.child.pid}/cmdline`, 'utf8'), ...events])
      assert.ok(!text.includes(key));
  } finally { await s.finish(); }
});

test('a message that opened nothing is listed for staff, and no clear one is asked about', { timeout: 60e3 }, async () => {
  const s = await advised({ adviser_margin_percent: 85 });
  try {
    // Questions that are nearly requests, and the like: which of them are in doubt is the model's affair.
    const near = ['有退烧药吗', '求推荐开锁的', '有人要团购米吗', '附近哪里有轮椅卖', '谁知道哪里能借梯子', '有没有会修电脑的', '有车位吗', '谁那还有口罩', '婴儿车还有用吗', '电梯是不是坏了', '哪里能打印', '有人去超市吗', '哪家还有停车位', '有谁去过那家医院', '有没有便宜的搬家公司', '打印机哪里有'];
    await send(s, message('clear', 'x-1', 'c1', '谁家有轮椅借用一下？')); // by far a request
    await send(s, message('talk', 'x-2', 'c2', '早上好')); // by far talk
    for (const [i, text] of near.entries()) await send(s, message(`near-${i}`, `x-${i % 6 + 3}`, `d${i}`, text));
    await decided(s.redis);
    await until('each doubt to be answered', async () => s.adviser.asked.length > 0 && await s.count('answered') === s.adviser.asked.length);
    await decided(s.redis);
    const { items } = (await s.daemon.get('/v1/advice')).json;
    assert.ok(items.length > 0);
    for (const item of items) {
      assert.equal(item.text, near[Number(item.message.slice(5))]);
      assert.equal(item.suggestion.source, 'adviser');
      assert.equal(item.suggestion.intent, advice.intent);
      assert.ok(s.adviser.asked.some((q) => q.text === item.text));
      assert.equal(await postBy(s, item.message), undefined);
    }
    assert.ok(s.adviser.asked.every((q) => near.includes(q.text)));
    // What is taken back is gone from the list, too.
    const [gone] = items, of = Number(gone.message.slice(5));
    await send(s, message('back', `x-${of % 6 + 3}`, `d${of}`, '', { recalled: gone.message }));
    await until('it to be gone', async () => !(await s.daemon.get('/v1/advice')).json.items.some((a) => a.id === gone.id));
  } finally { await s.finish(); }
});

test('nothing private reaches the adviser', { timeout: 60e3 }, async () => {
  const s = await advised();
  try {
    const names = ['欧阳青岚', '司徒明远', 'Wilhelmina', '慕容雪'];
    const list = community({ groups: 8 });
    list.parties.push({ id: 'p-x', kind: 'resident', name: '慕容雪', place: 'b-1', external_ids: ['mr'] });
    const rs = await s.daemon.post('/v1/import', list);
    assert.equal(rs.status, 200, rs.text);
    const say = (id, sender, name, text, more) => send(s, { ...message(id, 'x-1', sender, text, more), sender: { id: sender, name } });
    await say('p1', 'uid-4711-a', '3-2-1502 欧阳青岚', '谁家有轮椅借用一下？电话13987654321，微信 wx_canary77，我是欧阳青岚');
    await say('p2', 'uid-4711-b', 'Wilhelmina', '求一台血压计，３栋2单元1903，身份证500101199001011234，ＷＩＬＨＥＬＭＩＮＡ');
    await say('p3', 'uid-4711-c', '司徒明远', '@欧阳青岚\u2005 你那有折叠床借用一下吗？慕容雪说她明天要', { mentions: ['uid-4711-a'] });
    await say('p4', 'uid-4711-d', '某人', '歐陽青嵐家漏水了，司徒明远和青岚都去了，谁有水泵借一下');
    await until('the questions', () => s.adviser.asked.length >= 4);
    const bytes = s.adviser.asked.map((q) => JSON.stringify(q.headers) + q.body).join('\n');
    for (const canary of [...names, '歐陽', '青嵐', 'ＷＩＬＨ', '1502', '1903', '13987654321', '87654321', 'wx_canary77', '500101199001011234', 'uid-4711', 'x-1', 'p1', key])
      assert.ok(!bytes.toLowerCase().includes(canary.toLowerCase()), `${canary} went out`);
    for (const word of ['轮椅', '血压计', '折叠床', '水泵']) assert.ok(bytes.includes(word), `${word} is missing`); // what it is about did
    assert.ok(!bytes.includes('青岚'), 'a given name went out');
  } finally { await s.finish(); }
});

test('each misbehaviour is counted and dropped, and the next question is asked', { timeout: 90e3 }, async () => {
  const s = await advised({ adviser_timeout_ms: 1000 });
  try {
    const answered = async () => { // the row of faults is broken
      const m = wish();
      s.adviser.how = () => 'good';
      await send(s, m);
      return until('a suggestion', async () => (await postBy(s, m.id))?.suggestion);
    };
    for (const [way, kind] of Object.entries(kinds)) {
      const m = wish(), before = await s.count(`failed_${kind}`);
      s.adviser.how = () => way;
      await send(s, m);
      await until(`${way} to be counted as ${kind}`, async () => (await s.count(`failed_${kind}`)) === before + 1);
      assert.equal((await postBy(s, m.id)).suggestion, undefined, way);
      await answered();
    }
    s.adviser.how = () => 'fenced';
    const m = wish();
    await send(s, m);
    await until('an answer in a fence', async () => (await postBy(s, m.id))?.suggestion?.confidence === advice.confidence);
    assert.ok(s.adviser.asked.every((q) => q.url !== '/elsewhere'));
    assert.equal(await s.count('answered'), Object.keys(kinds).length + 1);
    assert.equal(await s.count('dropped_paused'), 0);
  } finally { await s.finish(); }
});

test('429 is obeyed for as long as it says', { timeout: 60e3 }, async () => {
  const s = await advised({ adviser_timeout_ms: 400 });
  try {
    s.adviser.how = () => (s.adviser.asked.length > 1 ? 'good' : 'limited');
    await send(s, wish());
    await until('the 429', async () => (await s.count('failed_limited')) === 1);
    await until('to be asked again', async () => { await send(s, wish()); return s.adviser.asked.length > 1; }, 20000, 100);
    const gap = s.adviser.asked[1].at - s.adviser.asked[0].at;
    assert.ok(gap >= 1950 && gap < 5000, `again after ${gap} ms`);
    assert.ok(await s.count('dropped_paused') > 0);
  } finally { await s.finish(); }
});

test('an adviser that hangs is given longer and longer rests, and holds up nobody', { timeout: 120e3 }, async () => {
  const s = await advised({ adviser_timeout_ms: 400 });
  try {
    s.adviser.how = () => 'hang';
    const t = Date.now(), sent = [];
    for (let i = 0; i < 200; i++) { const m = wish(); sent.push(m.id); await send(s, m); }
    await decided(s.redis);
    const took = Date.now() - t;
    assert.ok(took < 10000, `200 messages took ${took} ms`);
    const have = new Set((await objects(s.redis, 'posts')).map((p) => p.origin.message));
    assert.ok(sent.every((id) => have.has(id)));
    // Three faults, then rests of 400, 800, 1600 ms: seen at the server as gaps.
    await until('some rests', async () => { await send(s, wish()); return s.adviser.asked.length >= 7; }, 40000, 50);
    const at = s.adviser.asked.map((q) => q.at), gaps = at.slice(1).map((x, i) => x - at[i]).filter((g) => g > 700);
    assert.ok(gaps.some((g) => g >= 1500), `gaps of ${gaps}`);
    assert.ok(gaps.every((g, i) => !i || g > 1.3 * gaps[i - 1]), `each longer than the one before: ${gaps}`);
    assert.ok(await s.count('dropped_paused') > 0);
    assert.match(s.daemon.child.log, /adviser: \d+ faults in a row/);
    // It comes to its senses: so do we.
    s.adviser.how = () => 'good';
    await until('an answer', async () => { await send(s, wish()); return (await s.count('answered')) > 0; }, 40000, 100);
  } finally { await s.finish(); }
});

test('the budget a minute holds, over several loops', { timeout: 60e3 }, async () => {
  const s = await advised({ adviser_per_minute: 5, threads: 2 });
  try {
    for (let i = 0; i < 40; i++) await send(s, wish());
    await decided(s.redis);
    const total = async () => (await Promise.all(['asked', 'dropped_budget', 'dropped_full', 'dropped_paused', 'dropped_store'].map(s.count))).reduce((a, b) => a + b);
    await until('each doubt to be asked or dropped', async () => (await total()) === 40);
    assert.ok(s.adviser.asked.length >= 1 && s.adviser.asked.length <= 5, `${s.adviser.asked.length} questions`);
    assert.ok(await s.count('dropped_budget') >= 30);
  } finally { await s.finish(); }
});

test('the state is as without an adviser, whatever it does, and nothing is left in the log', { timeout: 120e3 }, async () => {
  const plain = await scene({ push: false, groups: 8, daemon: { settings: 'auto_score_percent = 101' } });
  const s = await advised({ adviser_timeout_ms: 400 });
  try {
    const list = Object.keys(ways), messages = load(160, { groups: 8 });
    s.adviser.how = () => list[s.adviser.asked.length % list.length];
    for (const one of [plain, s]) {
      const { unexpected } = await produce(one.daemon, messages, { lane: () => 'one' });
      assert.deepEqual(unexpected, []);
      await decided(one.redis);
    }
    await until('no question to be under way', async () => {
      const names = ['answered', 'dropped_store', ...['silent', 'limited', 'status', 'large', 'json', 'reply', 'codes'].map((k) => `failed_${k}`)];
      const ended = (await Promise.all(names.map(s.count))).reduce((a, b) => a + b);
      return ended > 0 && ended === await s.count('asked');
    });
    await decided(s.redis);
    const state = async (one) => shape({ posts: await objects(one.redis, 'posts'), matches: await objects(one.redis, 'matches'), cases: await objects(one.redis, 'cases') });
    assert.deepEqual(await state(s), await state(plain));
    assert.equal(await s.daemon.metric('entries_dead_total'), 0);
    assert.ok(await s.count('answered') > 0);
  } finally { await s.finish(); await plain.end(); }
});
