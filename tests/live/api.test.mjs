// The staff API as a person's client sees it: roles, versions, lists, live events, and its own description.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { scene, message, ask, until, decided, root } from './lib/rig.mjs';

let s;
const token = {};
before(async () => {
  s = await scene({ daemon: { settings: 'auto_score_percent = 101\nundo_s = 60\nblind_percent = 0' }, buildings: 3, groups: 4, push: false });
  const d = s.daemon;
  for (const [name, role, more] of [['viewer', 'viewer', []], ['grid', 'grid', ['--grid', 'gr-1']], ['staff', 'staff', []]]) token[name] = await d.token(role, more);
  token.elsewhere = await d.token('staff', ['--community', 'c-elsewhere']);
  // Tokens come with a reload, without a stop.
  await d.configure();
  d.child.kill('SIGHUP');
  await until('the tokens to be known', async () => (await call('staff', 'GET', '/v1/session')).status === 200);
  token.admin = d.staff;
  // Offers are made elsewhere: beside its request an offer is an answer, which neighbours settle.
  for (let g = 1; g <= 3; g++) {
    await sent(message(`ask-${g}`, `x-${g}`, `a${g}`, '谁家有电钻借用一下？'));
    await sent(message(`give-${g}`, 'x-4', `o${g}`, '闲置电钻免费送，有需要的吗'));
  }
  await sent(message('ladder', 'x-1', 'l1', '谁家有梯子借用一下？'));
  await sent(message('report', 'x-2', 'r1', '2栋电梯又坏了，困人了'));
  await decided(s.redis);
  await until('the queue to fill', async () => (await queue()).length >= 2);
});
after(() => s?.end());

const call = (who, method, route, { body, headers = {} } = {}) => ask(s.daemon.port, method, route, {
  body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  headers: { ...(who && { authorization: `Bearer ${token[who] ?? who}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers } });
const sent = async (m) => assert.equal((await s.daemon.send(m)).status, 202);
const queue = async (query = '') => (await call('admin', 'GET', `/v1/queue${query}`)).json.items;
const version = (m) => ({ 'if-match': `"${m.version}"` });

function problem(rs, status, slug) {
  assert.equal(rs.status, status, rs.text);
  assert.match(rs.headers['content-type'], /^application\/problem\+json/);
  assert.equal(rs.json.status, status);
  if (slug) assert.match(rs.json.type, new RegExp(`${slug}$`));
  return rs.json;
}

test('who may what', async () => {
  problem(await call(null, 'GET', '/v1/queue'), 401);
  problem(await call('lk_nobody_nothing', 'GET', '/v1/queue'), 401);
  problem(await call(`${token.viewer}x`, 'GET', '/v1/queue'), 401);
  for (const who of ['viewer', 'grid', 'staff', 'admin']) {
    const rs = await call(who, 'GET', '/v1/session');
    assert.equal(rs.json.role, who);
    assert.equal((await call(who, 'GET', '/v1/queue')).status, 200);
  }
  const [{ match }] = await queue();
  problem(await call('viewer', 'POST', `/v1/matches/${match.id}/approve`, { body: {}, headers: version(match) }), 403, 'forbidden');
  problem(await call('viewer', 'PATCH', `/v1/posts/${match.request}`, { body: {}, headers: { 'if-match': '"1"' } }), 403);
  problem(await call('grid', 'GET', '/v1/audit'), 403);
  assert.equal((await call('staff', 'GET', '/v1/audit')).status, 200);
  for (const route of ['/v1/groups/unassigned', '/v1/deadletters']) {
    problem(await call('staff', 'GET', route), 403);
    assert.equal((await call('admin', 'GET', route)).status, 200);
  }
  problem(await call('staff', 'POST', '/v1/import', { body: {} }), 403);
  // A token of another community sees nothing of this one.
  problem(await call('elsewhere', 'GET', '/v1/queue?community=c-t'), 403);
  problem(await call('elsewhere', 'GET', `/v1/matches/${match.id}`), 404);
  problem(await call('elsewhere', 'POST', `/v1/matches/${match.id}/approve`, { body: {}, headers: version(match) }), 404);
  assert.deepEqual((await call('elsewhere', 'GET', '/v1/queue')).json.items, []);
});

test('errors speak the language asked for', async () => {
  const zh = problem(await call(null, 'GET', '/v1/queue', { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' } }), 401);
  const en = problem(await call(null, 'GET', '/v1/queue', { headers: { 'accept-language': 'en-GB,en;q=0.9' } }), 401);
  assert.match(zh.title, /[一-鿿]/);
  assert.match(en.title, /^[\x20-\x7e]+$/);
  assert.equal(zh.type, en.type);
});

test('the queue filters and pages', async () => {
  const all = await queue();
  assert.ok(all.every((r) => r.match.state === 'in_review' && r.request));
  const { category, urgency, grid } = all[0].match;
  assert.equal((await queue(`?category=${category}`)).length, all.filter((r) => r.match.category === category).length);
  assert.equal((await queue('?category=pets')).length, 0);
  assert.equal((await queue(`?urgency=${urgency}&grid=${grid}`)).length, all.filter((r) => r.match.urgency === urgency && r.match.grid === grid).length);
  assert.equal((await queue('?grid=gr-none')).length, 0);
  const pages = [];
  for (let cursor = ''; cursor !== null;) {
    const rs = await call('viewer', 'GET', `/v1/queue?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...rs.json.items.map((r) => r.match.id));
    cursor = rs.json.next;
    assert.ok(pages.length <= all.length);
  }
  assert.deepEqual(pages.sort(), all.map((r) => r.match.id).sort());
  const posts = [];
  for (let cursor = ''; cursor !== null;) {
    const rs = await call('viewer', 'GET', `/v1/posts?side=request&limit=1${cursor && `&cursor=${cursor}`}`);
    posts.push(...rs.json.items);
    cursor = rs.json.next;
  }
  assert.ok(posts.length >= 4 && posts.every((p) => p.side === 'request'));
  assert.equal(new Set(posts.map((p) => p.id)).size, posts.length);
});

test('a match is shown with its messages, context, candidates and reasons', async () => {
  const [{ match }] = await queue();
  const rs = await call('viewer', 'GET', `/v1/matches/${match.id}`);
  assert.equal(rs.status, 200, rs.text);
  assert.equal(rs.headers.etag, `"${match.version}"`);
  const { item, context, candidates } = rs.json;
  assert.equal(item.match.id, match.id);
  assert.ok(item.request && (item.offer || item.resource));
  assert.ok(item.match.reasons.length > 0);
  assert.ok(context.some((c) => /电钻|梯子/.test(c.text)));
  assert.ok(candidates.some((c) => c.match.id === match.id));
  problem(await call('viewer', 'GET', '/v1/matches/m63-zzzz'), 404);
  problem(await call('viewer', 'GET', '/v1/matches/nonsense'), 404);
});

test('writes carry the version seen: 428 without, 412 when old, 409 when the state does not allow it', async () => {
  const [{ match }] = await queue();
  const approve = (headers) => call('staff', 'POST', `/v1/matches/${match.id}/approve`, { body: {}, headers });
  problem(await approve({}), 428, 'version-required');
  problem(await approve({ 'if-match': '"999"' }), 412, 'stale-version');
  problem(await approve({ 'if-match': 'seven' }), 400);
  const done = await approve(version(match));
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.state, 'approved');
  assert.notEqual(done.headers.etag, `"${match.version}"`);
  problem(await approve(version(match)), 412);
  problem(await approve({ 'if-match': done.headers.etag }), 409, 'conflict');
  const undo = await call('staff', 'POST', `/v1/matches/${match.id}/undo`, { body: {}, headers: { 'if-match': done.headers.etag } });
  assert.equal(undo.status, 200, undo.text);
  problem(await call('staff', 'POST', `/v1/matches/${match.id}/undo`, { body: {}, headers: { 'if-match': undo.headers.etag } }), 409);
});

test('the same command with the same Idempotency-Key has one effect', async () => {
  const [{ match }] = await queue();
  const once = () => call('staff', 'POST', `/v1/matches/${match.id}/approve`, { body: {}, headers: { ...version(match), 'idempotency-key': 'key-1' } });
  assert.equal((await once()).status, 200);
  assert.equal((await once()).status, 200);
  const audit = (await call('staff', 'GET', '/v1/audit?limit=1000')).json.items;
  assert.equal(audit.filter((a) => a.entry.object === match.id && a.entry.after === 'approved').length, 1);
});

test('a rejection needs its reason, and the audit says who, what and why', async () => {
  await sent(message('ask-r', 'x-3', 'ar', '谁家有打气筒借用一下？'));
  await sent(message('give-r', 'x-4', 'or', '闲置打气筒免费送，有需要的吗'));
  const { match } = await until('it to be in the queue', async () => (await queue()).find((r) => r.request.message === 'ask-r' || r.request.origin?.message === 'ask-r'));
  const reject = (body) => call('grid', 'POST', `/v1/matches/${match.id}/reject`, { body, headers: version(match) });
  assert.equal(problem(await reject({}), 422, 'bad-field').pointer, '/reason');
  problem(await reject('{'), 400, 'bad-json');
  problem(await reject([]), 400);
  const done = await reject({ reason: '不合适' });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.state, 'rejected');
  const row = (await call('staff', 'GET', '/v1/audit?limit=1000')).json.items.find((a) => a.entry.object === match.id && a.entry.after === 'rejected');
  assert.ok(row, 'the audit has it');
  assert.equal(row.entry.actor, 'grid');
  assert.equal(row.entry.reason, '不合适');
  assert.ok(row.entry.at_ms > Date.now() - 60e3);
});

test('the extracted fields of a post can be corrected', async () => {
  const { json: { items: [post] } } = await call('staff', 'GET', '/v1/posts?side=request&state=open&limit=1');
  const edit = (body, headers = version(post)) => call('staff', 'PATCH', `/v1/posts/${post.id}`, { body, headers });
  assert.equal(problem(await edit({ category: 'nonsense' }), 422).pointer, '/category');
  assert.equal(problem(await edit({ quantity: 0 }), 422).pointer, '/quantity');
  assert.equal(problem(await edit({ start: 'tomorrow' }), 422).pointer, '/start');
  problem(await edit({ quantity: 3 }, {}), 428);
  const rs = await edit({ quantity: 3, urgency: 'urgent' });
  assert.equal(rs.status, 200, rs.text);
  const now = (await call('viewer', 'GET', `/v1/posts/${post.id}`)).json;
  assert.equal(now.urgency, 'urgent');
  assert.equal(now.asked, 3);
  problem(await edit({ quantity: 4 }), 412);
});

test('a case moves on by its events', async () => {
  const { json: { items } } = await call('viewer', 'GET', '/v1/cases');
  let one = items[0];
  assert.ok(one, 'the report opened a case');
  const event = (body, headers = version(one)) => call('staff', 'POST', `/v1/cases/${one.id}/events`, { body, headers });
  assert.equal(problem(await event({ event: 'explode' }), 422).pointer, '/event');
  problem(await event({ event: 'accept' }, {}), 428);
  problem(await event({ event: 'verify' }), 409);
  assert.equal(one.level, 'assignee');
  assert.ok(Date.parse(one.remind) < Date.parse(one.due), 'a reminder before the deadline');
  assert.equal(problem(await event({ event: 'return' }), 422).pointer, '/reason');
  const act = (what, body, headers = version(one)) => call('staff', 'POST', `/v1/cases/${one.id}/${what}`, { body, headers });
  assert.equal(problem(await act('dispatch', {}), 422).pointer, '/assignee');
  problem(await act('dispatch', { assignee: 'nobody' }), 422);
  problem(await act('merge', { into: one.id }), 422);
  problem(await act('follow-up', { contacted: true, solved: true }), 409);
  let sent = await act('dispatch', { assignee: 'p-wy', reason: '换一班人' });
  assert.equal(sent.status, 200, sent.text);
  problem(await act('dispatch', { assignee: 'p-wy' }), 412);
  one = sent.json;
  assert.equal(one.n_dispatched, 2);
  const of = async (party) => (await call('viewer', 'GET', `/v1/cases?assignee=${party}`)).json.items.map((k) => k.id);
  assert.ok((await of('p-wy')).includes(one.id));
  assert.ok(!(await of('p-other')).includes(one.id));
  for (const [name, state] of [['accept', 'accepted'], ['suspend', 'suspended'], ['resume', 'accepted'], ['resolve', 'resolved'], ['verify', 'verified'], ['close', 'closed']]) {
    const rs = await event({ event: name, note: '已处理' });
    assert.equal(rs.status, 200, `${name}: ${rs.text}`);
    assert.equal(rs.json.state, state);
    one = rs.json;
  }
  assert.equal(one.outcome, 'solved');
  assert.equal(problem(await act('follow-up', { contacted: true, satisfaction: 'glad' }), 422).pointer, '/satisfaction');
  sent = await act('follow-up', { contacted: true, solved: true, satisfaction: 'fairly_satisfied' });
  assert.equal(sent.status, 200, sent.text);
  assert.equal((await call('viewer', 'GET', `/v1/cases/${one.id}`)).json.satisfaction, 'fairly_satisfied');
});

/** A stream of server-sent events; `events` grows. */
function listen(headers = {}) {
  const out = { events: [] };
  out.request = http.get({ host: '127.0.0.1', port: s.daemon.port, path: '/v1/events', headers: { authorization: `Bearer ${token.viewer}`, ...headers } }, (rs) => {
    out.status = rs.statusCode;
    out.type = rs.headers['content-type'];
    let rest = '';
    rs.on('error', () => {});
    rs.on('data', (d) => {
      rest += d;
      for (let at; (at = rest.indexOf('\n\n')) >= 0; rest = rest.slice(at + 2)) {
        const lines = rest.slice(0, at).split('\n'), field = (f) => lines.find((l) => l.startsWith(`${f}: `))?.slice(f.length + 2);
        if (field('data')) out.events.push({ id: field('id'), data: JSON.parse(field('data')) });
      }
    });
  });
  out.request.on('error', () => {});
  out.stop = () => out.request.destroy();
  return out;
}

test('one account is one person: an import of two with it is refused, and tells which row', async () => {
  const places = (await call('admin', 'GET', '/v1/places')).json.items.filter((p) => p.kind === 'community');
  const community = places[0].community;
  const row = (id, account) => ({ community, id, kind: 'resident', place: places[0].id, external_ids: [account] });
  const [known] = (await call('admin', 'GET', '/v1/parties')).json.items.filter((p) => p.external_ids?.length);
  const both = await call('admin', 'POST', '/v1/import', { body: { places, parties: [row('p-one', 'wx-one'), row('p-two', 'wx-one')] } });
  assert.equal(problem(both, 422).pointer, '/parties/1/external_ids');
  const taken = await call('admin', 'POST', '/v1/import', { body: { places, parties: [row('p-one', known.external_ids[0])] } });
  assert.match(problem(taken, 422).detail, new RegExp(`is a sender of ${known.id}, too`));
  problem(await call('admin', 'GET', '/v1/parties/p-one'), 404);
});

test('a resource that expires is asked about, and staff renew it', async () => {
  const [party] = (await call('admin', 'GET', '/v1/parties')).json.items, community = party.community;
  const now = Date.now();
  const row = { community, id: 'r-soon', party: party.id, category: 'tools', items: ['订书机'], capacity: 1, unit: '个', mode: 'lend', scope: 'community', expires_ms: now + 8000 };
  const places = (await call('admin', 'GET', '/v1/places')).json.items.filter((p) => p.kind === 'community');
  const put = await call('admin', 'POST', '/v1/import', { body: { places, resources: [row] } });
  assert.equal(put.status, 200, put.text);
  const found = async () => (await call('staff', 'GET', '/v1/advice?kind=renewal')).json.items.find((a) => a.resource === 'r-soon');
  const a = await until('the question', found, 15000);
  assert.equal(a.item, '订书机');
  assert.equal((await call('staff', 'GET', `/v1/advice/${a.id}`)).json.resource, 'r-soon');
  assert.equal((await call('staff', 'GET', '/v1/advice?kind=recurring')).json.items.length, 0);
  problem(await call('grid', 'POST', `/v1/advice/${a.id}/accept`, { body: {}, headers: version(a) }), 403);
  problem(await call('staff', 'POST', `/v1/advice/${a.id}/accept`, { body: {} }), 428);
  const done = await call('staff', 'POST', `/v1/advice/${a.id}/accept`, { body: {}, headers: version(a) });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.id, 'r-soon');
  assert.ok(Date.parse(done.json.expires) > now + 10000, done.text);
  assert.equal(await found(), undefined);
  problem(await call('staff', 'GET', `/v1/advice/${a.id}`), 404);
});

test('live events go on where they stopped', async () => {
  const first = listen();
  await until('the stream', () => first.status === 200);
  assert.match(first.type, /^text\/event-stream/);
  await sent(message('live-1', 'x-1', 'v1', '谁家有血压计借用一下？'));
  await until('an event', () => first.events.some((e) => e.data.type === 'post.opened'));
  first.stop();
  const last = first.events.at(-1).id;
  await sent(message('live-2', 'x-2', 'v2', '谁家有热水袋借用一下？'));
  await decided(s.redis);
  const second = listen({ 'last-event-id': last });
  await until('what was missed', () => second.events.some((e) => e.data.message === 'live-2'));
  assert.ok(!second.events.some((e) => first.events.some((f) => f.id === e.id)), 'nothing comes twice');
  second.stop();
});

test('a report counts what has happened, as JSON, as CSV and as a text for the group', async () => {
  const demand = (await call('viewer', 'GET', '/v1/reports/demand')).json;
  const posts = (await call('admin', 'GET', '/v1/posts?limit=1000')).json.items, cases = (await call('admin', 'GET', '/v1/cases?limit=1000')).json.items;
  const sum = (rows, name) => rows.reduce((n, r) => n + r[name], 0);
  for (const [side, name] of [['request', 'requests'], ['offer', 'offers']]) {
    const n = posts.filter((p) => p.side === side).length;
    assert.ok(n > 0);
    for (const table of ['categories', 'places', 'hours', 'days']) assert.equal(sum(demand[table], name), n, `${name} by ${table}`);
  }
  assert.equal(sum(demand.categories, 'reports'), cases.filter((k) => !k.post).length);
  const gap = (await call('viewer', 'GET', '/v1/reports/gap')).json;
  assert.equal(sum(gap.gap, 'open_requests'), sum(gap.places, 'open_requests'));
  const figures = (await call('staff', 'GET', '/v1/reports/month')).json.figures;
  assert.ok(figures.length > 15);
  for (const f of figures) assert.equal(f.value === null, f.n === 0, f.figure);
  const csv = await call('viewer', 'GET', '/v1/reports/response', { headers: { accept: 'text/csv' } });
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.match(csv.text, /^figure,name,value,unit,part,n,formula\r\nfill_rate,/);
  assert.match((await call('viewer', 'GET', '/v1/reports/demand?format=csv&table=days')).text, /^day,requests,offers,reports\r\n/);
  const text = await call('viewer', 'GET', '/v1/reports/month?format=text');
  assert.match(text.headers['content-type'], /^text\/plain/);
  assert.match(text.text, /^【邻里互助】/);
  // Who helped how often is for staff.
  for (const report of ['ledger', 'month']) {
    problem(await call('viewer', 'GET', `/v1/reports/${report}`), 403);
    assert.equal((await call('staff', 'GET', `/v1/reports/${report}?format=csv`)).status, 200);
  }
  problem(await call('elsewhere', 'GET', '/v1/reports/demand?community=c-t'), 403);
  problem(await call('viewer', 'GET', '/v1/reports/nothing'), 404);
  for (const bad of ['month=2026-13', 'from=2026-02-30', 'to=today', 'from=2026-11-30&to=2026-11-01', 'from=2020-01-01', 'format=xml', 'format=csv&table=ledger'])
    problem(await call('viewer', 'GET', `/v1/reports/demand?${bad}`), 422);
  assert.deepEqual((await call('viewer', 'GET', '/v1/reports/demand?month=2001-02')).json.days, []);
});

test('the description and the routes are one', async () => {
  const { json: openapi } = await call(null, 'GET', '/openapi.json');
  assert.match(openapi.openapi, /^3\.1/);
  const source = fs.readFileSync(path.join(root, 'service/web/web_priv.h'), 'utf8');
  const table = source.slice(source.indexOf('#define WEB_ROUTES(X)'), source.indexOf('#define WEB_OPERATORS_ROUTES(X)'));
  const routes = [...table.matchAll(/X\("(\w+)",\s*"([^"]+)"/g)].map(([, method, route]) => `${method} ${route}`).sort();
  const described = Object.entries(openapi.paths).flatMap(([route, methods]) => Object.keys(methods).filter((m) => m !== 'parameters').map((m) => `${m.toUpperCase()} ${route}`)).sort();
  assert.ok(routes.length > 20);
  assert.deepEqual(described, routes);
  for (const [route, methods] of Object.entries(openapi.paths)) for (const [method, o] of Object.entries(methods)) {
    assert.ok(Object.keys(o.responses).some((c) => c[0] === '2'), `${method} ${route} has an answer`);
    // Without a token it is refused as such, not as an unknown place.
    const rs = await call(null, method.toUpperCase(), route.replace('{connector}', 'generic').replace('{bot}', 'b').replace('{id}', 'm00-1').replace('{report}', 'gap'));
    assert.ok(![404, 405, 500].includes(rs.status), `${method} ${route}: ${rs.status}`);
    if (route !== '/openapi.json') assert.equal(rs.status, 401, `${method} ${route}: ${rs.status}`);
  }
  const ids = { post: (await call('admin', 'GET', '/v1/posts?limit=1')).json.items[0].id, match: (await call('admin', 'GET', '/v1/matches?limit=1')).json.items[0].id, case: (await call('admin', 'GET', '/v1/cases?limit=1')).json.items[0].id };
  for (const [route, methods] of Object.entries(openapi.paths)) {
    if (!methods.get || /outbox|events|(deadletters|models|advice|surges|rollcall|alerts)\/\{|(places|groups|parties|resources|holidays)\/\{id\}$/.test(route)) continue;
    const kind = /\/(post|match|case)e?s\//.exec(route)?.[1];
    const rs = await call('admin', 'GET', kind ? route.replace('{id}', ids[kind]) : route.replace('{report}', 'gap'));
    assert.equal(rs.status, 200, `${route}: ${rs.text}`);
  }
  problem(await call('admin', 'DELETE', '/v1/queue'), 405);
  problem(await call('admin', 'GET', '/v1/nothing'), 404);
});
