// The process itself: out of descriptors, flooded, fed junk, poisoned, told to end under load.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { scene, message, ask, signed, until, decided, objects, stop } from './lib/rig.mjs';

const one = (id, group = 'x-1') => message(id, group, `u-${id}`, '谁家有雨伞借用一下？');
function cpu(child) {
  const f = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
}
const rss = (child) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);
const open = (port) => new Promise((resolve) => {
  const c = net.connect(port, '127.0.0.1', () => resolve(c));
  c.on('error', () => resolve(c));
});
const opened = async (s) => (await objects(s.redis, 'posts')).map((p) => p.origin.message);
const percentile = (list, p) => list.sort((a, b) => a - b)[Math.floor((list.length - 1) * p)];

/** The times of n messages one after another, in ms. */
async function pace(s, n, prefix) {
  const times = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    const rs = await s.daemon.send(message(`${prefix}${i}`, 'x-2', 'pacer', '早上好'));
    assert.equal(rs.status, 202, rs.text);
    times.push(performance.now() - began);
  }
  return times;
}

test('64 descriptors: no spin while there are none left, and service again after', { timeout: 40e3 }, async () => {
  const s = await scene();
  try {
    const pid = String(s.daemon.child.pid);
    assert.equal(spawnSync('prlimit', ['--pid', pid, '--nofile=64:64']).status, 0);
    const idle = await Promise.all(Array.from({ length: 150 }, () => open(s.daemon.port)));
    await until('the descriptors to run out', () => fs.readdirSync(`/proc/${pid}/fd`).length >= 63);
    const before = cpu(s.daemon.child), began = Date.now(), logged = s.daemon.child.log.length;
    await until('three seconds of starving', () => Date.now() - began > 3000, 5000, 200);
    const share = (cpu(s.daemon.child) - before) / ((Date.now() - began) / 1000);
    assert.ok(share < 0.05, `${(share * 100).toFixed(1)} % of a core`);
    assert.ok(s.daemon.child.log.length - logged < 2000, 'the log is not flooded');
    for (const c of idle) c.destroy();
    await until('service', async () => (await s.daemon.send(one('after'), { keepAlive: false, timeout: 1000 })).status === 202, 5000);
    await until('it to be decided', async () => (await opened(s)).includes('after'));
  } finally { await s.end(); }
});

test('slow senders and junk cost others nothing, and no memory', { timeout: 50e3 }, async (t) => {
  const s = await scene({ daemon: { settings: 'request_timeout_ms = 2000' } });
  try {
    await pace(s, 100, 'warm-');
    const calm = percentile(await pace(s, 300, 'calm-'), 0.99), before = rss(s.daemon.child);
    const slow = await Promise.all(Array.from({ length: 500 }, () => open(s.daemon.port)));
    const began = Date.now();
    let closed = 0, alive = true;
    for (const c of slow) { c.on('close', () => closed++); c.resume(); c.write('POST /v1/messages?bot=b HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n'); }
    const drip = setInterval(() => { for (const c of slow) if (!c.destroyed) c.write('x'); }, 500);
    const flooded = percentile(await pace(s, 300, 'flood-'), 0.99);
    t.diagnostic(`p99 ${calm.toFixed(1)} ms alone, ${flooded.toFixed(1)} ms among 500 slow senders`);
    assert.ok(flooded < Math.max(2 * calm, 20), `p99 ${flooded} ms against ${calm} ms`);
    await until('the total deadline to close them', () => closed === 500, 8000, 20);
    assert.ok(Date.now() - began < 6000);
    clearInterval(drip);

    const junk = ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n' + '1'.repeat(4 << 20), 'GET /' + 'a'.repeat(4 << 20), 'GET / HTTP/1.1\r\nX: ' + 'b'.repeat(4 << 20),
      'GET / HTTP/1.1\r\nHost: x\r\n' + 'Y: 1\r\n'.repeat(200000), '\x00\x01\x02'.repeat(100000), '\r\n'.repeat(500000)];
    const smuggled = ['POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', 'POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc',
      'POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc', 'POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /healthz HTTP/1.1\nHost: x\n\n', 'GET /healthz HTTP/1.1\r\n\r\n', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n',
      'POST /v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 'GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n'];
    const feed = async (bytes) => {
      const c = await open(s.daemon.port);
      let got = '';
      c.on('data', (d) => { got += d; });
      c.write(bytes);
      if (!c.destroyed) await Promise.race([once(c, 'close'), until('it to be refused', () => got.length > 0, 6000)]);
      c.destroy();
      return got;
    };
    const [answers, times] = await Promise.all([Promise.all(smuggled.map(feed)), pace(s, 200, 'junk-'), ...junk.map(feed)]);
    answers.forEach((a, i) => assert.match(a, /^HTTP\/1\.1 (400|505|501) /, smuggled[i]));
    t.diagnostic(`p99 ${percentile(times, 0.99).toFixed(1)} ms among junk`);
    assert.ok(rss(s.daemon.child) - before < 40 * 1024, `${rss(s.daemon.child) - before} KiB more`);
    assert.ok(!(await opened(s)).length);
  } finally { await s.end(); }
});

test('poison is set aside, can be read and replayed, and the rest flows', { timeout: 40e3 }, async () => {
  const s = await scene();
  try {
    assert.equal((await s.daemon.send(one('first'))).status, 202);
    await decided(s.redis);
    const r = await s.redis.client();
    const shard = (await s.daemon.get('/v1/status')).json.communities[0].shard;
    const key = (what) => `linli:{s${String(shard).padStart(2, '0')}}:${what}`;
    const letters = async () => (await s.daemon.get('/v1/deadletters')).json.entries;
    // An entry that cannot be read, between two that can.
    await r.multi().xadd(key('log'), '*', 'e', '{"kind":"message","broken').exec();
    assert.equal((await s.daemon.send(one('second'))).status, 202);
    await until('the rest to flow', async () => (await opened(s)).includes('second'));
    const [letter] = await until('the dead letter', async () => { const l = await letters(); return l.length && l; });
    const whole = (await s.daemon.get(`/v1/deadletters/${letter.id}`)).json;
    assert.match(JSON.stringify(whole), /broken/);
    assert.equal(await s.daemon.metric('entries_dead_total'), 1);
    // Replayed as it is, it dies again; nothing else is touched.
    assert.equal((await s.daemon.post(`/v1/deadletters/${letter.id}/replay`, {})).status, 202);
    await until('it to be set aside again', async () => (await letters()).some((l) => l.id !== letter.id));
    assert.equal((await s.daemon.get(`/v1/deadletters/${letter.id}`)).status, 404);

    // An entry on which five owners died, with a good one behind it.
    await s.daemon.kill();
    const entry = (id) => JSON.stringify({ t: 'm', b: 'b', i: id, y: 'c-t', g: 'g-3', s: `u-${id}`, x: '谁家有雨伞借用一下？', z: 480, at: Date.now() });
    const deadly = await r.xadd(key('log'), '*', 'e', entry('deadly'));
    await r.xadd(key('log'), '*', 'e', entry('behind'));
    await r.hset(key('tries'), { id: deadly, n: 5 });
    const known = (await r.xrange(key('dead'), '-', '+')).length;
    await s.daemon.start();
    await until('the rest to flow', async () => (await opened(s)).includes('behind'));
    assert.ok(!(await opened(s)).includes('deadly'));
    assert.equal((await r.xrange(key('dead'), '-', '+')).length, known + 1);
    const set = await until('it to be listed', async () => (await letters()).find((l) => JSON.stringify(l).includes('deadly')));
    // Whatever killed them is mended: it is replayed, and has its effect once.
    assert.equal((await s.daemon.post(`/v1/deadletters/${set.id}/replay`, {})).status, 202);
    await until('it to be decided', async () => (await opened(s)).includes('deadly'));
    assert.equal((await s.daemon.post(`/v1/deadletters/${set.id}/replay`, {})).status, 404);
  } finally { await s.end(); }
});

/** Sends side by side until told to stop; what was acknowledged, and every other outcome. */
function traffic(s, prefix, lanes = 8) {
  const t = { acked: [], others: [], stopped: false };
  t.ended = Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    for (let i = 0; !t.stopped; i++) {
      const id = `${prefix}-${lane}-${i}`;
      const rs = await s.daemon.send(one(id, `x-${lane % 4 + 1}`), { timeout: 6000 }).catch((e) => ({ status: 0, text: e.code || e.message }));
      if (rs.status === 202) t.acked.push(id); else { t.others.push([rs.status, rs.text]); if (!rs.status) return; }
    }
  }));
  return t;
}

test('told to end under load: what is acknowledged is decided, and it ends within 5 s', { timeout: 40e3 }, async () => {
  const s = await scene({ daemon: { settings: 'threads = 2' } });
  try {
    const acked = [];
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM', 'SIGINT']) {
      const t = traffic(s, `${signal}${acked.length}`), enough = 60;
      await until('some load', () => t.acked.length > enough, 15000, 1);
      const began = Date.now();
      const how = await stop(s.daemon.child, signal);
      assert.deepEqual(how, { code: 0, signal: null }, s.daemon.child.log.slice(-2000));
      assert.ok(Date.now() - began < 5000, `ended after ${Date.now() - began} ms`);
      t.stopped = true;
      await t.ended;
      for (const [status, text] of t.others) assert.ok(status === 503 || status === 0, `${status}: ${text}`);
      assert.ok(t.others.every(([status, text]) => status || /ECONN|socket hang up|EPIPE/.test(text)), JSON.stringify(t.others));
      acked.push(...t.acked);
      const owners = await (await s.redis.client()).keys('linli:{s*}:lease');
      assert.deepEqual(owners, [], 'the leases are given back');
      await s.daemon.start();
    }
    await decided(s.redis);
    const have = (await opened(s)).sort();
    assert.equal(new Set(have).size, have.length, 'nothing is doubled');
    assert.deepEqual(acked.filter((id) => !have.includes(id)), []);
  } finally { await s.end(); }
});

test('SIGHUP under load loses nothing, and new settings count; broken ones do not', { timeout: 40e3 }, async () => {
  const s = await scene({ daemon: { settings: 'threads = 2' } });
  try {
    const t = traffic(s, 'hup');
    const fresh = 'whsec_' + Buffer.alloc(32, 9).toString('base64');
    const sections = [`bot "c" {\n secret = "${fresh}"\n}`, 'bot "c" {', ''];
    const statusOfC = async () => {
      const body = JSON.stringify(one('c'));
      return (await ask(s.daemon.port, 'POST', '/v1/messages?bot=c', { body, headers: signed(body, { key: fresh }), keepAlive: false })).status;
    };
    assert.equal(await statusOfC(), 404);
    for (const [text, status] of [[sections[0], 422], [sections[1], 422], [sections[2], 404]]) {
      s.daemon.sections = text;
      await s.daemon.configure();
      const at = t.acked.length;
      s.daemon.child.kill('SIGHUP');
      await until(`bot c: ${status}`, async () => (await statusOfC()) === status);
      await until('more load', () => t.acked.length > at + 100, 15000, 1);
      assert.equal(await statusOfC(), status);
    }
    assert.match(s.daemon.child.log, /reload: .*conf:\d+/, 'a broken file is named with its line');
    t.stopped = true;
    await t.ended;
    assert.deepEqual(t.others, []);
    await decided(s.redis);
    const have = new Set(await opened(s));
    assert.deepEqual(t.acked.filter((id) => !have.has(id)), []);
  } finally { await s.end(); }
});
