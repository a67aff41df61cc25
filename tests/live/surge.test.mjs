// A surge over the API and by linlictl: nothing goes out before a person says so; the roll call of an emergency; the board.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scene, message, ask, until, decided, build } from './lib/rig.mjs';

let s;
const token = {};
before(async () => {
  s = await scene({ daemon: { settings: 'undo_s = 60\nblind_percent = 0' }, buildings: 3, groups: 4, push: false });
  const d = s.daemon;
  for (const role of ['viewer', 'staff', 'grid']) token[role] = await d.token(role, role === 'grid' ? ['--grid', 'g-none'] : []);
  await d.configure();
  d.child.kill('SIGHUP');
  await until('the tokens to be known', async () => (await call('staff', 'GET', '/v1/session')).status === 200);
  token.admin = d.staff;
  fs.writeFileSync(path.join(s.dir, 'ctl.token'), token.admin);
});
after(() => s?.end());

const call = (who, method, route, { body, headers = {} } = {}) => ask(s.daemon.port, method, route, {
  body: body === undefined ? '' : JSON.stringify(body),
  headers: { authorization: `Bearer ${token[who]}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers } });
const ctl = (...args) => new Promise((done) => execFile(path.join(build, 'linlictl'),
  ['--url', `http://127.0.0.1:${s.daemon.port}`, '--token-file', path.join(s.dir, 'ctl.token'), ...args],
  { timeout: 30e3 }, (e, out, err) => done({ code: e ? e.code : 0, out, err })));
const sent = async (m) => assert.equal((await s.daemon.send(m)).status, 202);
const version = (o) => ({ 'if-match': `"${o.version}"` });
const alerts = async () => (await call('staff', 'GET', '/v1/audit?limit=1000')).json.items.filter((a) => a.entry.action === 'surge.open').length;

test('a burst of reports is one surge, and its notice waits for a person', async () => {
  for (let i = 1; i <= 8; i++) await sent(message(`p-${i}`, 'x-1', `n${i}`, '1栋停电了，物业来看看'));
  await decided(s.redis);
  const [surge, ...rest] = await until('the surge', async () => { const { items } = (await call('viewer', 'GET', '/v1/surges')).json; return items.length && items; });
  assert.equal(rest.length, 0);
  assert.equal(await alerts(), 1);
  assert.equal(surge.topic, 'fault-power');
  assert.deepEqual(surge.places, ['b-1']);
  assert.equal(surge.emergency, true);
  assert.match(surge.text, /1栋有多位邻居反映：停电。已转告物业处理。/);
  assert.equal((await call('grid', 'GET', `/v1/surges/${surge.id}`)).status, 200);
  const post = (who, what, body, headers = version(surge)) => call(who, 'POST', `/v1/surges/${surge.id}/${what}`, { body, headers });
  assert.equal((await post('grid', 'approve', {})).status, 403);
  assert.equal((await post('staff', 'approve', {}, {})).status, 428);
  assert.equal((await post('staff', 'approve', { text: '找电工16012345678' })).status, 422);
  assert.equal((await post('staff', 'reject', {})).status, 422);
  const done = await post('staff', 'approve', { text: '1栋停电，物业已到场。' });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.notice, 'approved');
  assert.equal(done.json.outbound.length, surge.groups.length);
  assert.equal((await post('staff', 'approve', {})).status, 412);
  const back = await ctl('surge', 'reject', surge.id, '--reason', '已来电');
  assert.equal(back.code, 0, back.err);
  assert.match(back.out, /\[rejected\] fault-power/);
  assert.match((await ctl('surge')).out, /1栋停电，物业已到场。/);
  assert.equal((await ctl('surge', 'approve', surge.id)).code, 1);
});

test('a roll call belongs to an emergency, and to its officers', async () => {
  assert.equal((await call('staff', 'POST', '/v1/rollcall', { body: {} })).status, 409);
  assert.equal((await ctl('emergency', 'on', '--reason', '停电')).code, 0);
  assert.equal((await call('staff', 'POST', '/v1/rollcall', { body: {} })).status, 409, 'nobody is flagged');
  const at = { community: 'c-t', places: [{ id: 'c-t', kind: 'community', name: '测试社区' }], groups: [], resources: [],
    parties: [{ id: 'p-old', kind: 'resident', name: '王奶奶', place: 'b-2', external_ids: ['old'], tags: ['elder_alone'] }] };
  assert.equal((await call('admin', 'POST', '/v1/import', { body: at })).status, 200);
  assert.equal((await call('grid', 'POST', '/v1/rollcall', { body: {} })).status, 403);
  const started = await ctl('rollcall', 'start', '--ask-groups');
  assert.equal(started.code, 0, started.err);
  assert.match(started.out, /1 to be asked after/);
  assert.equal((await call('viewer', 'GET', '/v1/rollcall')).status, 403);
  assert.deepEqual((await call('grid', 'GET', '/v1/rollcall')).json.items, [], 'of another grid');
  const list = (await call('staff', 'GET', '/v1/rollcall')).json;
  assert.deepEqual(list.figures, { asked: 1, safe: 0, needs_help: 0, not_reached: 0 });
  const { visit, name } = list.items[0];
  assert.deepEqual({ name, officer: visit.officer, state: visit.state }, { name: '王奶奶', officer: 'p-gr', state: 'asked' });
  const mark = (who, body, headers = version(visit)) => call(who, 'POST', `/v1/rollcall/${visit.id}`, { body, headers });
  assert.equal((await mark('staff', { state: 'well' })).status, 422);
  assert.equal((await mark('staff', { state: 'safe' }, {})).status, 428);
  assert.equal((await mark('grid', { state: 'safe' })).status, 403, 'of another grid');
  const marked = await mark('staff', { state: 'needs_help', note: '要送药' });
  assert.equal(marked.json.state, 'needs_help');
  assert.equal((await mark('staff', { state: 'safe' })).status, 412);
  const safe = await ctl('rollcall', 'mark', visit.id, 'safe');
  assert.equal(safe.code, 0, safe.err);
  assert.match((await ctl('rollcall')).out, /王奶奶 b-2 .*\[safe\].*\nasked 0 {2}safe 1/);
  assert.equal((await ctl('emergency', 'off', '--reason', '来电')).code, 0);
  assert.deepEqual((await call('staff', 'GET', '/v1/rollcall')).json.items, []);
  const { entry } = (await call('staff', 'GET', '/v1/audit?limit=1000')).json.items.find((a) => a.entry.action === 'rollcall.end');
  assert.equal(entry.after, 'asked 0, safe 1, needs_help 0, not_reached 0');
});

test('the board tells what is short, and as a text nobody', async () => {
  for (let i = 1; i <= 3; i++) await sent(message(`b-${i}`, `x-${i}`, `m${i}`, '谁家有冲击钻借用一下'));
  await decided(s.redis);
  const board = await until('the requests', async () => { const { json } = await call('viewer', 'GET', '/v1/board'); return json.gap.find((g) => g.category === 'tools').open_requests >= 3 && json; });
  assert.equal(board.emergency_since, null);
  assert.equal(board.days, undefined);
  const text = await ctl('board');
  assert.match(text.out, /^【邻里供需】/);
  assert.match(text.out, /工具器物：求助 3 件/);
  assert.match((await ctl('board', '--format', 'csv')).out, /^category,name,open_requests,wanted,vulnerable,/);
});

test('an alert waits in a list until somebody has seen it', async () => {
  const { items: before } = (await call('staff', 'GET', '/v1/alerts?state=open&kind=surge')).json;
  assert.ok(before.length, 'the surge above is there');
  await sent(message('a-1', 'x-2', 'n90', '救命！我爸在家晕倒没有呼吸了，谁会心肺复苏'));
  await decided(s.redis);
  const [alert] = await until('the alert', async () => { const { items } = (await call('viewer', 'GET', '/v1/alerts?kind=critical')).json; return items.length && items; });
  assert.equal(alert.state, 'open');
  assert.equal(alert.message, 'a-1');
  assert.match((await call('staff', 'GET', `/v1/cases/${alert.case_id}`)).json.urgency, /critical/);
  const open = await s.daemon.metric('alerts_open');
  assert.equal(open, (await call('staff', 'GET', '/v1/alerts?state=open&limit=1000')).json.items.length);
  assert.match((await ctl('alerts', '--state', 'open')).out, new RegExp(`${alert.id}  \\[open\\]`));
  assert.equal((await call('viewer', 'POST', `/v1/alerts/${alert.id}/seen`, { body: {} })).status, 403);
  assert.equal((await call('staff', 'POST', '/v1/alerts/w07-zzzz/seen', { body: {} })).status, 404);
  const seen = await call('staff', 'POST', `/v1/alerts/${alert.id}/seen`, { body: {} });
  assert.equal(seen.status, 200, seen.text);
  assert.equal(seen.json.state, 'seen');
  assert.equal(seen.json.seen_by, 'staff');
  const again = await ctl('alert', alert.id, 'seen');
  assert.equal(again.code, 0, again.err);
  assert.equal((await call('staff', 'GET', `/v1/alerts/${alert.id}`)).json.seen_by, 'staff', 'who was first stays');
  assert.ok((await call('staff', 'GET', '/v1/audit?limit=1000')).json.items.some((a) => a.entry.action === 'alert.seen' && a.entry.object === alert.id));
  await until('the gauge', async () => (await s.daemon.metric('alerts_open')) === open - 1);
});
