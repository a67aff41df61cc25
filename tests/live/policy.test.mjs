// The policy of a community over the API and by linlictl: versions, what none may loosen, the emergency switch.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, ask, until, decided, root, build } from './lib/rig.mjs';

let s;
const token = {};
before(async () => {
  s = await scene({ daemon: { settings: 'auto_score_percent = 10\nundo_s = 60\nblind_percent = 0' }, buildings: 3, groups: 4, push: false });
  const d = s.daemon;
  for (const role of ['viewer', 'staff']) token[role] = await d.token(role);
  token.elsewhere = await d.token('admin', ['--community', 'c-elsewhere']);
  await d.configure();
  d.child.kill('SIGHUP');
  await until('the tokens to be known', async () => (await call('staff', 'GET', '/v1/session')).status === 200);
  token.admin = d.staff;
  fs.writeFileSync(path.join(s.dir, 'ctl.token'), token.admin);
});
after(() => s?.end());

const call = (who, method, route, { body, headers = {} } = {}) => ask(s.daemon.port, method, route, {
  body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  headers: { authorization: `Bearer ${token[who]}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers } });
const ctl = (...args) => new Promise((done) => execFile(path.join(build, 'linlictl'),
  ['--url', `http://127.0.0.1:${s.daemon.port}`, '--token-file', path.join(s.dir, 'ctl.token'), ...args],
  { timeout: 30e3 }, (e, out, err) => done({ code: e ? e.code : 0, out, err })));
const sample = JSON.parse(fs.readFileSync(path.join(root, 'deploy/sample/policy.json'), 'utf8'));
const tools = { ...sample, rows: [{ category: 'tools', route: 'review', why: '工具先看一眼' }, ...sample.rows] };
const put = (who, body, version) => call(who, 'PUT', '/v1/policies', { body, headers: version ? { 'if-match': `"${version}"` } : {} });
const matchFor = (id) => until(`a match for ${id}`, async () =>
  (await call('admin', 'GET', '/v1/matches?limit=1000')).json.items.find((m) => m.request_message === id));

test('where nobody has set one, the built-in table holds, at version 1', async () => {
  const rs = await call('viewer', 'GET', '/v1/policies');
  assert.equal(rs.status, 200, rs.text);
  assert.equal(rs.headers.etag, '"1"');
  assert.equal(rs.json.built_in, true);
  assert.deepEqual(rs.json.rows, sample.rows);
  assert.equal(rs.json.emergency.on, false);
  assert.equal((await call('elsewhere', 'GET', '/v1/policies?community=c-t')).status, 403);
});

test('a table is put whole, with the version seen, by an admin, and is in the audit', async () => {
  assert.equal((await put('staff', tools, 1)).status, 403);
  assert.equal((await put('admin', tools)).status, 428);
  assert.equal((await put('admin', tools, 7)).status, 412);
  const loose = await put('admin', { rows: [{ route: 'auto', why: '放行' }] }, 1);
  assert.equal(loose.status, 422);
  assert.equal(loose.json.pointer, '/rows/0/route');
  assert.match(loose.json.detail, /too loose/);
  const done = await put('admin', { ...tools, reason: '试行' }, 1);
  assert.equal(done.status, 200, done.text);
  assert.equal(done.headers.etag, '"2"');
  assert.deepEqual(done.json.rows, tools.rows);
  const { entry } = (await call('staff', 'GET', '/v1/audit')).json.items.find((a) => a.entry.action === 'policy.put');
  assert.match(entry.before, /^built-in: /);
  assert.match(entry.after, /1 tools -> review \(工具先看一眼\)/);
  assert.equal(entry.reason, '试行');
});

test('it decides from then on, and after a new start', async () => {
  await s.daemon.send(message('lend', 'x-2', 'u2', '我家有把人字梯可以借给邻居用'));
  await s.daemon.send(message('ask', 'x-1', 'u1', '谁家有人字梯借用一下'));
  await decided(s.redis);
  const m = await matchFor('ask');
  assert.equal(m.route, 'review');
  assert.equal(m.route_why, '工具先看一眼');
  await s.daemon.stop();
  await s.daemon.start();
  await until('the policy to be there', async () => (await call('viewer', 'GET', '/v1/policies')).json.version === 2);
  await s.daemon.send(message('again', 'x-3', 'u3', '谁家有梯子借用一下？'));
  await decided(s.redis);
  assert.equal((await matchFor('again')).route_why, '工具先看一眼');
});

test('an emergency begins and ends by a member of staff, with its reason', async () => {
  const set = (who, body) => call(who, 'PUT', '/v1/emergency', { body });
  assert.equal((await set('viewer', { on: true, reason: '停水' })).status, 403);
  assert.equal((await set('staff', { on: true })).json.pointer, '/reason');
  assert.equal((await set('staff', { reason: '停水' })).json.pointer, '/on');
  const on = await set('staff', { on: true, reason: '停水' });
  assert.equal(on.status, 200, on.text);
  assert.deepEqual({ ...on.json.emergency, since: null }, { on: true, since: null, by: 'staff', reason: '停水' });
  assert.equal((await set('staff', { on: true, reason: '停水' })).status, 409);
});

test('linlictl shows, checks and puts a table, and ends the emergency', async () => {
  const file = path.join(s.dir, 'policy.json');
  assert.match((await ctl('policy', 'show')).out, /应急状态.*停水/);
  const shown = await ctl('policy', 'show', '--json');
  fs.writeFileSync(file, shown.out); // as it is shown, it can be put again, with its version
  const again = await ctl('policy', 'put', file, '--reason', '照旧');
  assert.equal(again.code, 0, again.err);
  assert.equal((await ctl('policy', 'put', file)).code, 1, 'the version has changed');
  fs.writeFileSync(file, JSON.stringify({ rows: [{ catgory: 'tools', route: 'auto', why: 'x' }] }));
  const wrong = await ctl('policy', 'check', file);
  assert.equal(wrong.code, 3);
  assert.match(wrong.err, /\/rows\/0\/catgory/);
  const off = await ctl('emergency', 'off', '--reason', '来水');
  assert.equal(off.code, 0, off.err);
  assert.equal((await ctl('emergency', 'off', '--reason', '来水')).code, 1);
  assert.equal((await ctl('emergency', 'on')).code, 2);
  assert.equal((await call('viewer', 'GET', '/v1/policies')).json.emergency.on, false);
});

/** A day without a server: the lines that it prints, and the report of the comparison. */
const day = (table, ...more) => new Promise((done) => {
  const file = path.join(s.dir, 'table.json'), report = path.join(s.dir, 'report.json');
  fs.writeFileSync(file, JSON.stringify(table));
  const child = execFile(path.join(build, 'linlictl'), ['dryrun', '--check', '--community', path.join(root, 'deploy/sample'), '--policy', file, '--policy-report', report, '--compare', ...more],
    { timeout: 120e3, maxBuffer: 64 << 20, env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
    (e, out, err) => done({ code: e ? e.code : 0, err, events: out.trim().split('\n').filter(Boolean).map((l) => JSON.parse(l)), report: e ? null : JSON.parse(fs.readFileSync(report)) }));
  fs.createReadStream(path.join(root, 'deploy/sample/day.ndjson')).pipe(child.stdin);
  child.stdin.on('error', () => {});
});

test('a day is decided by another table, and what would have gone another way is told by row', async () => {
  const same = await day(sample);
  assert.equal(same.code, 0, same.err);
  assert.ok(same.report.matches > 10);
  assert.equal(same.report.otherwise, 0);
  const rows = [{ urgency: 'critical', route: 'review', why: '危急' }, { category: 'medicine', route: 'refuse', why: '不撮合药品' },
    { category: 'comfort', route: 'case', why: '归网格员' }, ...sample.rows];
  const other = await day({ rows });
  assert.equal(other.code, 0, other.err);
  const { report } = other;
  assert.equal(report.matches, same.report.matches);
  assert.ok(report.otherwise > 0);
  assert.equal(report.list.length, report.otherwise);
  assert.equal(report.rows.reduce((n, r) => n + r.matches, 0), report.otherwise);
  for (const o of report.list) {
    assert.ok((o.is === 'refuse' && o.row === 2) || (o.is === 'case' && o.row === 3), JSON.stringify(o));
    assert.equal(o.was, 'review');
    assert.ok(!other.events.some((e) => e.type === 'match.proposed' && e.request_message === o.request_message && e.offer === o.offer), 'it is not proposed');
    if (o.is === 'case') assert.ok(other.events.some((e) => e.type === 'case.opened' && e.message === o.request_message), 'it is a case');
  }
  assert.match(other.err, new RegExp(`^policy: ${report.matches} matches, ${report.otherwise} would have gone another way`));
  const loose = await day({ rows: [{ route: 'auto', why: '放行' }] });
  assert.equal(loose.code, 3);
  assert.match(loose.err, /row 1 is too loose/);
});
