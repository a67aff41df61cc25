// Posts on their way out: retries, dead letters, signatures, pulling, and taking back in time.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { scene, message, ask, signed, secret, until, objects } from './lib/rig.mjs';

let seq = 0;
/** A request for `thing` in a group of its own and an offer elsewhere (beside the request it would
 *  be an answer); their match, waiting in the queue. */
async function match(s, thing) {
  const n = ++seq, group = `x-${n}`;
  assert.equal((await s.daemon.send(message(`ask-${n}`, group, `a${n}`, `谁家有${thing}借用一下？`))).status, 202);
  assert.equal((await s.daemon.send(message(`give-${n}`, 'x-9', `o${n}`, `闲置${thing}免费送，有需要的吗`))).status, 202);
  return until(`a match for ${thing}`, async () => {
    const post = (await objects(s.redis, 'posts')).find((p) => p.origin.message === `ask-${n}`);
    return (await s.daemon.get('/v1/queue?limit=200')).json.items.map((r) => r.match).find((m) => m.request === post.id);
  });
}
async function approve(s, m) {
  const rs = await s.daemon.post(`/v1/matches/${m.id}/approve`, {}, { 'if-match': `"${m.version}"` });
  assert.equal(rs.status, 200, rs.text);
  return rs.json;
}
/** The helper's group, x-9, is asked beside it: that is told apart, and always accepted. */
const isAsk = (post) => JSON.parse(post.body).group === 'x-9';
const outbound = async (s, m) => (await objects(s.redis, 'outbound')).find((o) => o.match === m.id && o.kind !== 'ask');

test('a receiver that fails, delays, refuses, hangs or sends elsewhere', { timeout: 55e3 }, async () => {
  const elsewhere = [];
  const first = new Set();
  const how = { 电钻: 500, 充电宝: { status: 429, headers: { 'retry-after': '7' } }, 雨伞: 410, 卷尺: null, 血压计: { status: 302, headers: { location: '/elsewhere' } }, 折叠床: { status: 200, body: '{"message":31415}' } };
  const s = await scene({ buildings: 9, daemon: { settings: 'auto_score_percent = 101\npush_timeout_ms = 1000' }, answer: (post) => {
    if (post.path === '/elsewhere') elsewhere.push(post);
    const thing = Object.keys(how).find((k) => post.body.includes(k));
    if (!thing || first.has(post.id) || isAsk(post)) return 204;
    first.add(post.id);
    return how[thing];
  } });
  try {
    const of = {};
    for (const thing of Object.keys(how)) of[thing] = await match(s, thing);
    for (const thing of Object.keys(how)) await approve(s, of[thing]);
    const came = (thing) => s.receiver.posts.filter((p) => p.body.includes(thing) && !isAsk(p));
    await until('every post to have come once', () => Object.keys(how).every((t) => came(t).length >= 1));

    // 410 is final: a dead letter that can be listed, shown and sent again.
    const dead = await until('the dead letter', async () => (await s.daemon.get('/v1/deadletters')).json.posts.find((p) => p.match === of['雨伞'].id));
    assert.equal((await s.daemon.get(`/v1/deadletters/${dead.id}`)).json.id, dead.id);
    assert.equal((await s.daemon.post(`/v1/deadletters/${dead.id}/replay`, {})).status, 202);
    await until('it to come again', () => came('雨伞').length === 2);
    await until('it to be delivered', async () => (await outbound(s, of['雨伞']))?.state === 'delivered');
    assert.ok(!(await s.daemon.get('/v1/deadletters')).json.posts.some((p) => p.id === dead.id));

    // The others come again by the schedule: 5 to 6 s after the answer; later when the receiver says so.
    const again = ['电钻', '充电宝', '卷尺', '血压计'];
    await until('the retries', () => again.every((t) => came(t).length === 2), 20000);
    for (const thing of again) {
      const [a, b] = came(thing), gap = b.at - a.at, least = thing === '充电宝' ? 7000 : 5000, hung = thing === '卷尺' ? 1000 : 0;
      assert.ok(gap >= least + hung - 50 && gap < least + hung + 2500, `${thing}: again after ${gap} ms`);
    }
    await until('all to be delivered', async () => (await Promise.all(Object.values(of).map((m) => outbound(s, m)))).every((o) => o.state === 'delivered'));
    assert.equal(came('折叠床').length, 1);
    assert.equal((await outbound(s, of['折叠床'])).message, '31415', 'what the platform calls it');
    assert.deepEqual(elsewhere, [], 'a redirect is not followed');
    // The key stays, the content stays, and an independent reader accepts every signature.
    assert.deepEqual(s.receiver.contradictions(), []);
    assert.equal(new Set(s.receiver.posts.filter((p) => !isAsk(p)).map((p) => p.id)).size, Object.keys(how).length);
    for (const p of s.receiver.posts) {
      new Webhook(secret).verify(p.body, p.headers);
      assert.throws(() => new Webhook(secret).verify(`${p.body} `, p.headers));
    }
    assert.ok(s.receiver.posts.every((p) => !/1[3-9]\d{9}/.test(p.body)));
  } finally { await s.end(); }
});

test('a pulling bot: long poll, acknowledgement, and an approval taken back in time', { timeout: 40e3 }, async () => {
  const s = await scene({ buildings: 20, push: false, daemon: { settings: 'auto_score_percent = 101\nundo_s = 1' } });
  const bot = (method, route, body = '') => ask(s.daemon.port, method, route, { body, headers: signed(body), timeout: 15000 });
  const pull = async (wait) => (await bot('GET', `/v1/outbox?bot=b&wait=${wait}`)).json.items.filter((i) => i.group !== 'x-9');
  try {
    assert.deepEqual(await pull(0), []);
    const undone = await match(s, '电钻'), kept = await match(s, '雨伞');
    const polling = pull(20), began = Date.now();
    const approved = await approve(s, undone);
    const undo = await s.daemon.post(`/v1/matches/${undone.id}/undo`, {}, { 'if-match': `"${approved.version}"` });
    assert.equal(undo.status, 200, undo.text);
    await approve(s, kept);
    const items = await polling;
    const took = Date.now() - began;
    assert.ok(took >= 900 && took < 4000, `the poll ended after ${took} ms`);
    assert.equal(items.length, 1);
    assert.match(items[0].text, /雨伞/);
    assert.equal(items[0].group, `x-${seq}`);
    assert.equal((await pull(0))[0].id, items[0].id, 'it stays until it is acknowledged');
    assert.equal((await bot('POST', '/v1/outbox/o63-zzzz/ack?bot=b')).status, 404);
    assert.equal((await bot('POST', `/v1/outbox/${items[0].id}/ack?bot=b`, '{"outcome":"perhaps"}')).status, 422);
    assert.equal((await bot('POST', `/v1/outbox/${items[0].id}/ack?bot=b`, '{"outcome":"done"}')).status, 202);
    await until('it to be delivered', async () => (await outbound(s, kept)).state === 'delivered');
    assert.equal((await bot('POST', `/v1/outbox/${items[0].id}/ack?bot=b`, '{"message":{}}')).status, 422);
    assert.equal((await bot('POST', `/v1/outbox/${items[0].id}/ack?bot=b`, '{"message":"wx-1"}')).status, 202, 'it may be told later');
    await until('it to be known by its id', async () => (await outbound(s, kept)).message === 'wx-1');
    assert.deepEqual(await pull(0), []);
    assert.equal((await bot('POST', `/v1/outbox/${items[0].id}/ack?bot=b`)).status, 202, 'again is no fault');
    assert.ok(['cancelled', undefined].includes((await outbound(s, undone))?.state));
    assert.equal((await ask(s.daemon.port, 'GET', '/v1/outbox?bot=b')).status, 401);
  } finally { await s.end(); }
});
