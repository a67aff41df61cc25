// Bad input against the real daemon: each fault is refused with its reason, and nothing good is lost.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { scene, message, ask, signed, until, decided, objects } from './lib/rig.mjs';

let s;
before(async () => { s = await scene({ daemon: { settings: 'request_timeout_ms = 1500\nmax_connections = 12000' } }); });
after(() => s?.end());

const english = { 'accept-language': 'en' };
const send = (body, headers = {}) => s.daemon.send(body, { headers: { ...english, ...headers } });
let n = 0;
// Everybody asks for themselves: who asks again only renews what they asked for.
const good = (more = {}) => message(`good-${++n}`, 'x-1', `u${n}`, '谁家有轮椅借用一下？', more);
const post = (id) => until(`the post of ${id}`, async () => (await objects(s.redis, 'posts')).find((p) => p.origin.message === id));

async function refused(body, status, slug, pointer, headers = {}) {
  const rs = await send(body, headers);
  assert.equal(rs.status, status, rs.text);
  assert.match(rs.headers['content-type'], /^application\/problem\+json/);
  assert.match(rs.json.type, new RegExp(`${slug}$`));
  assert.equal(rs.json.status, status);
  if (pointer !== undefined) assert.equal(rs.json.pointer, pointer, rs.text);
  return rs;
}

test('broken JSON, broken UTF-8, doubled names, NUL and deep nesting are refused, and the next is taken', async () => {
  const whole = JSON.stringify(good());
  for (const body of [whole.slice(0, -1), `${whole}}`, '{"id":}', whole.replace('"id"', 'id'), '{"id":"a",}', '{"id":01}', 'nul'])
    await refused(body, 400, 'bad-json');
  await refused(Buffer.concat([Buffer.from('{"id":"a","text":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}')]), 400, 'bad-utf8');
  await refused(Buffer.concat([Buffer.from('{"id":"a","text":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]), 400, 'bad-utf8');
  await refused(whole.replace('{"id"', '{"id":"other","id"'), 400, 'bad-json');
  await refused(whole.replace('{"id"', '{"\\u0069d":"other","id"'), 400, 'bad-json');
  await refused(whole.replace('轮椅', '轮\\u0000椅'), 400, 'bad-json');
  await refused(whole.replace('轮椅', '\\ud800椅'), 400, 'bad-json');
  await refused(`{"id":"deep","x":${'['.repeat(1000)}${']'.repeat(1000)}}`, 400, 'bad-json');
  await refused(`{"id":"deep","x":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}`, 400, 'bad-json');
  await refused('', 400, 'bad-json');
  await refused('[]', 400, 'bad-request');
  assert.equal((await send(whole)).status, 202);
});

test('ids of 64 bits stay exact, as numbers and as text', async () => {
  const m = good({ id: 'ID', sender: { id: 'SENDER', name: '邻居' } });
  const body = JSON.stringify(m).replace('"ID"', '9223372036854775807').replace('"SENDER"', '18446744073709551615');
  assert.equal((await send(body)).json.id, '9223372036854775807');
  const p = await post('9223372036854775807');
  assert.equal(p.origin.sender, '18446744073709551615');
  assert.equal((await send(JSON.stringify(m).replace('"ID"', '9223372036854775806'))).status, 202);
  await post('9223372036854775806'); // its neighbour is another message
});

test('missing and wrong fields are named by pointer', async () => {
  const without = (field) => { const m = good(); delete m[field]; return JSON.stringify(m); };
  const withIt = (more) => JSON.stringify({ ...good(), ...more });
  for (const [body, pointer] of [
    [without('id'), '/id'], [without('group'), '/group'], [without('sender'), '/sender'], [without('text'), '/text'],
    [withIt({ id: null }), '/id'], [withIt({ id: '' }), '/id'], [withIt({ id: {} }), '/id'], [withIt({ id: 1.5 }), '/id'], [withIt({ id: 'x'.repeat(129) }), '/id'],
    [withIt({ group: [] }), '/group'], [withIt({ sender: 'u1' }), '/sender'], [withIt({ sender: {} }), '/sender/id'], [withIt({ sender: { id: 'u', name: 7 } }), '/sender/name'],
    [withIt({ text: 5 }), '/text'], [withIt({ text: '长'.repeat(8001) }), '/text'], [withIt({ time: 'yesterday' }), '/time'], [withIt({ time: true }), '/time'],
    [withIt({ mentions: 'all' }), '/mentions'], [withIt({ mentions: [{}] }), '/mentions'], [withIt({ reply_to: {} }), '/reply_to'],
    [withIt({ time: new Date(Date.now() + 25 * 3600e3).toISOString() }), '/time'],
    [withIt({ time: new Date(Date.now() - 366 * 86400e3).toISOString() }), '/time'],
  ]) await refused(body, 422, 'bad-field', pointer);
  await refused('"text"', 422, 'bad-field');
  assert.equal((await send(withIt({ text: '长'.repeat(8000) }))).status, 202);
  assert.equal((await send(withIt({ time: new Date(Date.now() + 23 * 3600e3).toISOString() }))).status, 202);
});

test('a body over the limit is 413, announced or not', async () => {
  const large = JSON.stringify({ ...good(), x: 'x'.repeat(1 << 20) });
  const rs = await send(large).catch((e) => e); // the connection may be cut before all is written
  if (rs.status) assert.equal(rs.status, 413);
  const answer = await raw(`POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${(1 << 20) + 1}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  const chunks = await raw(`POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n${'x'.repeat(0x100001)}\r\n0\r\n\r\n`);
  assert.match(chunks, /^HTTP\/1\.1 413 /);
});

/** Write bytes as they are; what came back when the server had closed or answered. */
function raw(bytes) {
  return new Promise((resolve) => {
    let got = '';
    const c = net.connect(s.daemon.port, '127.0.0.1', () => c.write(bytes));
    c.setTimeout(5000, () => c.destroy());
    c.on('data', (d) => { got += d; if (got.includes('\r\n\r\n')) c.destroy(); });
    c.on('error', () => {});
    c.on('close', () => resolve(got));
  });
}

test('an unknown group is 422, and the register counts it', async () => {
  for (let i = 0; i < 3; i++) await refused(JSON.stringify(good({ group: 'x-nobody' })), 422, 'unknown-group');
  await until('the register to count', async () => {
    const rs = await s.daemon.get('/v1/groups/unassigned');
    return rs.json.items.some((g) => g.group.endsWith('x-nobody') && g.messages === 3);
  });
});

test('wrong, missing and expired signatures are 401; so is a webhook-id with another body; an unknown bot is 404', async () => {
  const body = JSON.stringify(good()), to = (route, headers) => ask(s.daemon.port, 'POST', route, { body, headers: { ...english, ...headers } });
  const now = Math.floor(Date.now() / 1000);
  const check = async (headers, status = 401, route = '/v1/messages?bot=b') => {
    const rs = await to(route, headers);
    assert.equal(rs.status, status, rs.text);
    assert.match(rs.headers['content-type'], /^application\/problem\+json/);
  };
  await check({ 'content-type': 'application/json' });
  await check(signed(body, { key: `whsec_${Buffer.alloc(32, 8).toString('base64')}` }));
  await check(signed(`${body} `));
  await check(signed(body, { at: now - 301 }));
  await check(signed(body, { at: now + 302 }));
  await check({ ...signed(body), 'webhook-timestamp': 'soon' });
  await check({ ...signed(body), 'webhook-signature': '' });
  await check({ ...signed(body), 'webhook-id': 'another' });
  await check({ authorization: 'Bearer nonsense' });
  await check(signed(body), 404, '/v1/messages?bot=nobody');
  await check({ ...signed(body), 'linli-bot': 'nobody' }, 404);
  const once = signed(body, { id: 'hook-1' });
  assert.equal((await to('/v1/messages?bot=b', once)).status, 202);
  assert.equal((await to('/v1/messages?bot=b', once)).status, 202, 'the same again is only a repeat');
  const other = JSON.stringify(good());
  const rs = await ask(s.daemon.port, 'POST', '/v1/messages?bot=b', { body: other, headers: signed(other, { id: 'hook-1' }) });
  assert.equal(rs.status, 401, rs.text);
});

test('of a mixed batch each element has its result, and the good ones are decided', async () => {
  const a = good({ id: 'mix-a' }), b = good({ id: 'mix-b', group: 'x-2', sender: { id: 'u9', name: '九' } });
  const rs = await send([a, { ...good(), text: 3 }, b, 7, good({ group: 'x-nobody' })]);
  assert.equal(rs.status, 207, rs.text);
  assert.deepEqual(rs.json.results.map((r) => r.status), [202, 422, 202, 422, 422]);
  assert.equal(rs.json.accepted, 2);
  assert.equal(rs.json.results[1].error.pointer, '/1/text');
  assert.equal(rs.json.results[4].error.type.split('/').pop(), 'unknown-group');
  await post('mix-a');
  await post('mix-b');
  const lines = [JSON.stringify(good({ id: 'nd-a' })), '{"id":', JSON.stringify(good({ id: 'nd-b' }))].join('\n');
  const nd = await send(lines, { 'content-type': 'application/x-ndjson' });
  assert.equal(nd.status, 207, nd.text);
  assert.deepEqual(nd.json.results.map((r) => r.status), [202, 400, 202]);
  await post('nd-b');
  const many = await send(Array.from({ length: 1001 }, (_, i) => good({ id: `many-${i}` })));
  assert.equal(many.status, 413, many.text.slice(0, 300));
});

test('slow and half-open clients are cut off at the deadline, and one that leaves early harms nobody', async () => {
  const began = Date.now();
  const slow = net.connect(s.daemon.port, '127.0.0.1');
  slow.on('error', () => {});
  slow.write('POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
  const drip = setInterval(() => slow.write('x'), 100); // a byte now and then wins no time
  const half = net.connect({ port: s.daemon.port, host: '127.0.0.1', allowHalfOpen: true });
  half.on('error', () => {}).resume();
  half.end('POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc');
  slow.resume();
  await Promise.all([once(slow, 'close'), once(half, 'end')]);
  clearInterval(drip);
  half.destroy();
  const took = Date.now() - began;
  assert.ok(took < 6000, `cut off after ${took} ms`);
  // Leave before the answer, many times: what was sent in full is decided all the same.
  await Promise.all(Array.from({ length: 50 }, (_, i) => new Promise((resolve) => {
    const body = JSON.stringify(good({ id: `left-${i}`, sender: { id: `left${i}`, name: '早退' } })), h = signed(body);
    const c = net.connect(s.daemon.port, '127.0.0.1');
    c.on('error', () => {}).on('close', resolve);
    const head = Object.entries(h).map(([k, v]) => `${k}: ${v}\r\n`).join('');
    c.write(`POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\n${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${i % 2 ? body : body.slice(0, 40)}`,
      () => (i % 4 === 1 ? c.resetAndDestroy() : c.destroy()));
  })));
  assert.equal((await send(good({ id: 'after-leavers' }))).status, 202);
  await decided(s.redis);
  assert.equal(s.daemon.child.exitCode, null);
});

test('10,000 idle connections while others are served', { timeout: 50e3 }, async (t) => {
  const hard = Number(spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout) || Infinity;
  if (hard < 10500) return t.skip(`the hard limit of descriptors is ${hard}`);
  for (const pid of [process.pid, s.daemon.child.pid]) assert.equal(spawnSync('prlimit', ['--pid', String(pid), `--nofile=${Math.min(hard, 20000)}:${hard}`]).status, 0);
  const idle = [];
  for (let at = 0; at < 10000; at += 200) {
    await Promise.all(Array.from({ length: 200 }, () => new Promise((resolve, reject) => {
      const c = net.connect(s.daemon.port, '127.0.0.1', resolve).on('error', reject);
      idle.push(c);
    })));
  }
  await until('the daemon to hold them all', async () => (await s.daemon.metric('http_connections')) >= 10000);
  const times = [];
  for (let i = 0; i < 200; i++) {
    const began = performance.now();
    assert.equal((await send(good({ id: `idle-${i}` }))).status, 202);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`p99 with 10,000 idle connections: ${times[197].toFixed(1)} ms`);
  assert.ok(times[197] < 100, `p99 ${times[197]} ms`);
  for (const c of idle) c.destroy();
});
