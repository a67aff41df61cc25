// What every live test stands on: a private Redis, linlid processes, a bot that sends and receives.
// Everything listens on loopback, is bounded in time, and is stopped by its own process id.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Redis from 'ioredis';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const build = path.resolve(process.env.LINLI_BUILD || path.join(root, 'build'));
const children = new Set();
process.on('exit', () => { for (const c of children) try { process.kill(c.pid, 'SIGKILL'); } catch {} });
process.on('SIGTERM', () => process.exit(1)); // out of time: what was started goes, too

/** Poll until `look` gives something true; never a fixed sleep. What it last failed by is told. */
export async function until(what, look, ms = 20000, every = 10) {
  const end = Date.now() + ms;
  for (;;) {
    let got, why = '';
    try { got = await look(); } catch (e) { why = `: ${e.message}`; }
    if (got) return got;
    if (Date.now() > end) throw new Error(`gave up waiting for: ${what}${why}`);
    await new Promise((r) => setTimeout(r, every));
  }
}

const given = new Set();
export async function freePort() {
  const s = net.createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const { port } = s.address();
  s.close();
  await once(s, 'close');
  if (given.has(port)) return freePort(); // the system soon gives the same one again
  given.add(port);
  return port;
}

export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  children.add(child);
  child.log = '';
  const keep = (d) => { child.log = (child.log + d).slice(-200000); };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.ended = new Promise((r) => child.on('exit', (code, signal) => { children.delete(child); r({ code, signal }); }));
  child.said = once(child, 'close'); // ended, and all that it printed is in its log: 'exit' comes before the last of it
  return child;
}

export async function stop(child, signal = 'SIGTERM', ms = 8000) {
  if (child.exitCode !== null || child.signalCode !== null) return child.ended;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  const how = await child.ended;
  clearTimeout(timer);
  return how;
}

export function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'linli-live-'));
}

/** A private redis-server on a Unix socket. `env` may preload a shim. */
export class PrivateRedis {
  constructor(dir, { fsync = 'always', args = [], env = {} } = {}) {
    Object.assign(this, { dir, fsync, args, env, socket: path.join(dir, 'r.sock') });
  }
  async start() {
    this.child = start('redis-server', ['--port', '0', '--unixsocket', this.socket, '--unixsocketperm', '700',
      '--dir', this.dir, '--appendonly', 'yes', '--appendfsync', this.fsync, '--save', '',
      '--no-appendfsync-on-rewrite', 'no', '--maxmemory-policy', 'noeviction', ...this.args],
    { env: { ...process.env, ...this.env } });
    await until('redis to answer', async () => (await this.client()).ping());
    return this;
  }
  async client() {
    if (this.redis?.status === 'ready') return this.redis;
    this.redis?.disconnect();
    this.redis = new Redis({ path: this.socket, retryStrategy: null, maxRetriesPerRequest: 0, lazyConnect: true, enableOfflineQueue: false });
    this.redis.on('error', () => {});
    await this.redis.connect();
    return this.redis;
  }
  async kill() { this.redis?.disconnect(); await stop(this.child, 'SIGKILL'); }
  async stop() { this.redis?.disconnect(); await stop(this.child); }
  get address() { return `unix:${this.socket}`; }
}

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Standard Webhooks headers over the raw body. */
export function signed(body, { id = randomBytes(9).toString('hex'), at = Math.floor(Date.now() / 1000), key = secret } = {}) {
  const mac = createHmac('sha256', Buffer.from(key.slice(6), 'base64')).update(`${id}.${at}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${mac}`, 'content-type': 'application/json' };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** One HTTP request; resolves to {status, headers, text, json} or rejects when there is no answer. */
export function ask(port, method, route, { body = '', headers = {}, timeout = 10000, keepAlive = true } = {}) {
  return new Promise((resolve, reject) => {
    const rq = http.request({ host: '127.0.0.1', port, method, path: route, agent: keepAlive ? agent : undefined, timeout,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (rs) => {
      const parts = [];
      rs.on('data', (d) => parts.push(d));
      rs.on('error', reject);
      rs.on('end', () => {
        const text = Buffer.concat(parts).toString();
        let json;
        try { json = JSON.parse(text); } catch {}
        resolve({ status: rs.statusCode, headers: rs.headers, text, json });
      });
    });
    rq.on('timeout', () => rq.destroy(new Error('no answer in time')));
    rq.on('error', reject);
    rq.end(body);
  });
}

/** A linlid on its own port. `settings` are lines of its file, `bot` of its bot. */
export class Daemon {
  constructor(dir, redisAddress, { name = 'd1', settings = '', bot = '', env = {}, sections = '' } = {}) {
    Object.assign(this, { dir, redisAddress, name, settings, bot, env, sections });
  }
  async configure() {
    this.port ||= await freePort();
    this.operators ||= await freePort();
    this.conf = path.join(this.dir, `${this.name}.conf`);
    fs.writeFileSync(this.conf, `state_folder = "${this.dir}"
redis = "${this.redisAddress}"
listen = "127.0.0.1:${this.port}"
operators_listen = "127.0.0.1:${this.operators}"
lease_ms = 600
grace_low_s = 0
grace_normal_s = 0
grace_urgent_s = 0
undo_s = 0
quiet_hours = ""
push_private = true
push_plain_http = true
${this.settings}
bot "b" {
    secret = "${secret}"
    ${this.push ? `push_url = "${this.push}"` : ''}
    rate_per_minute = 60000
    burst = 1000
    ${this.bot}
}
${this.sections}
${this.tokenRow || ''}
`, { mode: 0o600 });
  }
  /** Make a staff token once; its row goes into the settings. */
  async token(role = 'admin', more = []) {
    const out = path.join(this.dir, `${role}.token`);
    const ctl = start(path.join(build, 'linlictl'), ['token', role, '--role', role, '--out', out, ...more]);
    await ctl.said;
    this.tokenRow = (this.tokenRow || '') + ctl.log;
    const bearer = fs.readFileSync(out, 'utf8').trim();
    this.staff ||= bearer;
    return bearer;
  }
  async start({ wait = true } = {}) {
    await this.configure();
    this.child = start(path.join(build, 'linlid'), ['--config', this.conf], { env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model'), ...this.env } });
    if (wait) await this.ready();
    return this;
  }
  async ready(ms = 20000) {
    await until(`${this.name} to be ready`, async () => {
      if (this.child.exitCode !== null) throw new Error(this.child.log);
      return (await ask(this.operators, 'GET', '/readyz', { timeout: 1000, keepAlive: false })).status === 200;
    }, ms);
  }
  async stop() { return stop(this.child); }
  async kill() { return stop(this.child, 'SIGKILL'); }
  get(route) { return ask(this.port, 'GET', route, { headers: { authorization: `Bearer ${this.staff}` } }); }
  post(route, object, headers = {}) {
    return ask(this.port, 'POST', route, { body: JSON.stringify(object), headers: { authorization: `Bearer ${this.staff}`, 'content-type': 'application/json', ...headers } });
  }
  send(messages, more = {}) {
    const body = Buffer.isBuffer(messages) || typeof messages === 'string' ? messages : JSON.stringify(messages);
    return ask(this.port, 'POST', '/v1/messages?bot=b', { body, headers: { ...signed(body), ...more.headers }, timeout: more.timeout || 10000, keepAlive: more.keepAlive });
  }
  async metric(name) {
    const { text } = await ask(this.operators, 'GET', '/metrics', { keepAlive: false });
    const m = text.match(new RegExp(`^linli_${name} (\\S+)`, 'm'));
    return m ? Number(m[1]) : undefined;
  }
}

/** A bot's receiving side: remembers every post, and answers what `answer` says (204 by default). */
export class Receiver {
  constructor(answer = () => 204) { this.posts = []; this.answer = answer; }
  async start() {
    this.server = http.createServer((rq, rs) => {
      const parts = [];
      rq.on('data', (d) => parts.push(d));
      rq.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const post = { id: rq.headers['webhook-id'], headers: rq.headers, body, at: Date.now() };
        this.posts.push(post);
        const how = this.answer(post, this.posts.length);
        if (how === null) return; // hang
        const status = typeof how === 'number' ? how : how.status;
        rs.writeHead(status, how.headers || {});
        rs.end(how.body);
      });
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/posts`;
    return this;
  }
  /** Every idempotency key came with one content only. */
  contradictions() {
    const seen = new Map(), bad = [];
    for (const p of this.posts) {
      if (seen.has(p.id) && seen.get(p.id) !== p.body) bad.push(p.id);
      seen.set(p.id, p.body);
    }
    return bad;
  }
  stop() { this.server.closeAllConnections(); this.server.close(); }
}

/** A small community of one estate, as JSON of /v1/import. */
export function community({ id = 'c-t', buildings = 4, groups = buildings, first = 1 } = {}) {
  const places = [{ id, kind: 'community', name: '测试社区' }, { id: 'gr-1', kind: 'grid', parent: id, name: '第一网格' },
    { id: 'e-1', kind: 'estate', parent: 'gr-1', name: '测试苑' }];
  const list = { places, groups: [], parties: [], resources: [] };
  for (let b = 1; b <= buildings; b++) {
    places.push({ id: `b-${b}`, kind: 'building', parent: 'e-1', name: `${b}栋`, aliases: [`${b}号楼`] });
  }
  for (let g = 1; g <= groups; g++) {
    list.groups.push({ id: `g-${g}`, connector: 'generic', bot: 'b', external_id: `x-${first + g - 1}`, place: `b-${(g - 1) % buildings + 1}`, name: `${g}群` });
  }
  list.parties.push({ id: 'p-wy', kind: 'property', name: '测试物业', place: 'e-1', external_ids: ['wy'], roles: ['property_manager'] },
    { id: 'p-gr', kind: 'community', name: '网格员小李', place: 'gr-1', external_ids: ['gr'], roles: ['grid_officer'] },
    { id: 'p-cm', kind: 'community', name: '测试社区居委会', place: id, external_ids: ['cm'], roles: ['staff'] });
  list.resources.push({ id: 'r-ladder', party: 'p-wy', category: 'tools', items: ['梯子', '人字梯'], capacity: 2, unit: '把', mode: 'lend', scope: 'estate', hours: 'mon-sun 00:00-24:00', notes: '前台登记' });
  return list;
}

export const message = (id, group, sender, text, more = {}) => ({ id, group, sender: { id: sender, name: `邻居${sender}` }, text, time: new Date().toISOString(), ...more });

/** All objects of one kind, over every shard. */
export async function objects(redis, kind) {
  const r = await redis.client();
  const out = [];
  for (const key of (await r.keys(`linli:{s*}:${kind}`)).sort())
    for (const json of Object.values(await r.hgetall(key))) out.push(JSON.parse(json));
  return out;
}
export async function logLength(redis) {
  const r = await redis.client();
  let n = 0;
  for (const key of await r.keys('linli:{s*}:log')) n += await r.xlen(key);
  return n;
}
export const decided = (redis, ms = 60000) => until('every entry to be decided', async () => (await logLength(redis)) === 0, ms, 30);

/** Redis + daemon + imported community + receiver. What is started is stopped, also when the start fails. */
export async function scene({ redis: redisOptions = {}, daemon: daemonOptions = {}, push = true, ...shape } = {}) {
  const s = { dir: folder(), async end() {
    if (s.daemon?.child) await s.daemon.stop();
    await s.redis?.stop();
    await s.replica?.stop();
    s.receiver?.stop();
    fs.rmSync(s.dir, { recursive: true, force: true });
  } };
  try {
    s.redis = await new PrivateRedis(s.dir, redisOptions).start();
    if (shape.replica) {
      s.replica = await new PrivateRedis(folder(), { args: ['--replicaof', '127.0.0.1', String(shape.replica)] }).start();
      await until('the replica to follow', async () => /master_link_status:up/.test(await (await s.replica.client()).info('replication')));
    }
    s.receiver = await new Receiver(shape.answer).start();
    s.daemon = new Daemon(s.dir, s.redis.address, daemonOptions);
    if (push) s.daemon.push = s.receiver.url;
    await s.daemon.token();
    await s.daemon.start();
    // Several communities lie in shards of their own: what happens in one is nothing to the others.
    for (const one of shape.communities || [shape]) s.imported = await until('the import', async () => {
      const got = await s.daemon.post('/v1/import', community(one));
      if (got.status !== 200) throw new Error(`${got.status} ${got.text}`);
      return got;
    });
  } catch (e) {
    await s.end();
    throw e;
  }
  return s;
}
