// The benchmarks. For throughput (a, b) Redis and what is measured share core 0, the load has core 1 to itself;
// for latency and the backlog (c, d) the daemon has core 0, Redis and the load share core 1. Systems that are
// compared take turns within each round; a figure is the median of the rounds.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PrivateRedis, Daemon, start, stop, until, freePort, folder, community, root, build } from '../live/lib/rig.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS || 4), ROUNDS = Number(process.env.BENCH_ROUNDS || 3);
const BACKLOG = Number(process.env.BENCH_BACKLOG || 300000), SHARDS = 64;
const COMMUNITIES = 512, GROUPS_EACH = 8; // as in traffic.h
const here = path.join(root, 'tests/bench'), made = [];
const program = (name) => path.join(build, 'tests/bench', name);
const median = (v) => [...v].sort((a, b) => a - b)[v.length >> 1];
const n0 = (x) => Math.round(x).toLocaleString('en-US');
const say = (...parts) => console.log(parts.join(''));
let runs = 0;

function pin(child, core) { spawnSync('taskset', ['-acp', String(core), String(child.pid)]); }
function tmp() { const dir = folder(); made.push(dir); return dir; }
process.on('exit', () => made.forEach((dir) => fs.rmSync(dir, { recursive: true, force: true })));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function cpuSeconds(child) {
  const f = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
}

/** bench_load on core 1; resolves to what it printed. */
async function load(mode, port, connections, batchOrRate, more = []) {
  const child = start('taskset', ['-c', '1', program('bench_load'), mode, String(port), String(SECONDS), String(connections), String(batchOrRate), `r${process.pid}x${++runs}`, ...more], {});
  const { code } = await child.ended;
  if (code) throw new Error(`bench_load: ${child.log}`);
  return JSON.parse(child.log.slice(child.log.indexOf('{')));
}

// --- the systems -----------------------------------------------------------------------------------

/** A Redis folder with all communities imported, made once and copied for every system. */
let prepared;
async function imported() {
  if (prepared) return prepared;
  const dir = tmp(), redis = await new PrivateRedis(dir, { fsync: 'everysec' }).start();
  const d = new Daemon(dir, redis.address, { settings: 'durability = "everysec"' });
  await d.token();
  await d.start();
  for (let k = 0; k < COMMUNITIES; k++) {
    const list = community({ id: `c-${k + 1}`, buildings: GROUPS_EACH, groups: GROUPS_EACH, first: k * GROUPS_EACH + 1 });
    await until('the import', async () => (await d.post('/v1/import', list)).status === 200);
  }
  await d.stop();
  await redis.stop();
  prepared = { dir, staff: d.staff, tokenRow: d.tokenRow };
  return prepared;
}

async function redisFrom(dir, durability, core = 0) {
  const redis = await new PrivateRedis(dir, { fsync: durability === 'always' ? 'always' : 'everysec' }).start();
  pin(redis.child, core);
  return redis;
}

async function linli(durability, { settings = '', wait = true, redisCore = 0 } = {}) {
  const base = await imported(), dir = tmp();
  fs.cpSync(path.join(base.dir, 'appendonlydir'), path.join(dir, 'appendonlydir'), { recursive: true });
  const redis = await redisFrom(dir, durability, redisCore);
  const daemon = new Daemon(dir, redis.address, { settings: `durability = "${durability}"\nauto_score_percent = 101\nlog_level = "error"\nlease_ms = 3000\n${settings}` });
  Object.assign(daemon, { staff: base.staff, tokenRow: base.tokenRow });
  const self = {
    redis, daemon,
    async up() { await daemon.start({ wait }); pin(daemon.child, 0); },
    async end() { if (daemon.child) await daemon.stop(); await redis.stop(); },
    /** Until nothing is undecided, or, where nobody decides, without what is. */
    async calm() {
      if (!settings.includes('own_shards = false')) return until('the backlog to be decided', async () => (await logLength(redis)) === 0, 300e3, 50);
      const r = await redis.client();
      for (const key of await r.keys('linli:{s*}:log')) await r.del(key);
    },
    get port() { return daemon.port; },
  };
  if (wait) await self.up();
  return self;
}

async function served(name, command, args, durability) {
  const redis = await redisFrom(tmp(), durability), port = await freePort();
  const child = start(command, [...args, String(port), redis.socket]);
  await until(`${name} to listen`, () => child.log.includes('ready'));
  pin(child, 0);
  return { redis, port, child, async calm() { await (await redis.client()).flushall(); }, async end() { await stop(child); await redis.stop(); } };
}
const bare = (durability) => served('the bare loop', program('bench_bare'), [], durability);
const peer = (durability) => served('the Node peer', process.execPath, [path.join(here, 'peer.mjs')], durability);

function aim(label, value, least, unit = '') {
  say(`      ${label}: ${value.toFixed(2)}${unit} (aim ${least > 0 ? '≥' : '≤'} ${Math.abs(least)}${unit}: ${least > 0 ? (value >= least ? 'met' : 'short') : value <= -least ? 'met' : 'short'})`);
}

// --- the parts -------------------------------------------------------------------------------------

async function systemsOf(durability, batch) {
  const all = { 'linli, all of it': await linli(durability), 'linli, taking in only': await linli(durability, { settings: 'own_shards = false' }), 'Node peer': await peer(durability) };
  if (batch === 1) all['bare loop'] = await bare(durability); // it appends a request as one entry
  return all;
}

async function throughput(title, batch) {
  for (const durability of ['always', 'everysec']) {
    const systems = await systemsOf(durability, batch), names = Object.keys(systems);
    const got = Object.fromEntries(names.map((k) => [k, []]));
    for (let round = -1; round < ROUNDS; round++) { // the first warms up: Node compiles what is hot
      for (let k = 0; k < names.length; k++) {
        const name = names[(k + round + 1) % names.length], s = systems[name];
        const one = await load('closed', s.port, 64, batch);
        if (one.refused || one.unanswered) say(`      ${name}: ${one.refused} refused, ${one.unanswered} unanswered`);
        if (round >= 0) got[name].push(one);
        await s.calm();
      }
    }
    for (const s of Object.values(systems)) await s.end();
    say(`  ${title}, durability ${durability}: accepted messages a second, 64 connections, one core with Redis`);
    const m = Object.fromEntries(names.map((k) => [k, median(got[k].map((o) => o.per_s))]));
    for (const name of names) say(`    ${name.padEnd(22)} ${n0(m[name]).padStart(9)}   p99 ${median(got[name].map((o) => o.accept_p99_ms)).toFixed(2)} ms   (${got[name].map((o) => n0(o.per_s)).join(' ')})`);
    if (batch === 1) say('    (the Node peer and the bare loop only take in; "all of it" understands, decides and commits beside)');
    for (const name of names.slice(0, 2)) {
      if (batch === 1) aim(`${name} / Node peer`, m[name] / m['Node peer'], durability === 'always' ? 2.4 : 3);
      else say(`      ${name} / Node peer: ${(m[name] / m['Node peer']).toFixed(2)}`);
      if (batch === 1 && durability === 'always') aim(`${name} / bare loop`, m[name] / m['bare loop'], 0.6);
      else if (batch === 1) say(`      ${name} / bare loop: ${(m[name] / m['bare loop']).toFixed(2)}`);
    }
  }
}

const parts = {
  async text() {
    const env = { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') };
    say('text: ', execFileSync(program('bench_text'), { cwd: root, env, encoding: 'utf8' }).trim());
    if (spawnSync('sh', ['-c', 'command -v fasttext']).status) return say('text: no fastText to compare with; scripts/setup bench installs it');
    say(execFileSync(path.join(here, 'fasttext'), [build], { cwd: root, env, encoding: 'utf8' }).trim());
  },
  match() {
    say('match: ', execFileSync('taskset', ['-c', '0', program('bench_match')], { encoding: 'utf8' }).trim());
  },
  core() {
    const env = { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') };
    for (const communities of ['512', '64', '8']) say(execFileSync('taskset', ['-c', '0', program('bench_core'), communities], { env, encoding: 'utf8' }).trim());
  },
  index() {
    say('index: candidate search');
    say(execFileSync(program('bench_index'), { encoding: 'utf8' }).trimEnd());
  },
  a: () => throughput('(a) one message a request', 1),
  b: () => throughput('(b) batches of 100', 100),
  async c() {
    for (const rate of (process.env.BENCH_RATES || "5000 10000").split(" ").map(Number)) {
      const s = await linli('always', { redisCore: 1 });
      const got = [], before = [cpuSeconds(s.daemon.child), cpuSeconds(s.redis.child)];
      for (let round = 0; round < ROUNDS; round++) {
        got.push(await load('open', s.port, 256, rate, [s.redis.socket, String(SHARDS)]));
        await s.calm();
      }
      const cpu = [cpuSeconds(s.daemon.child), cpuSeconds(s.redis.child)].map((x, i) => ((x - before[i]) * 1e6) / (rate * SECONDS * ROUNDS));
      await s.end();
      const of = (k) => median(got.map((o) => o[k]));
      say(`  (c) open loop at ${n0(rate)}/s, durability always, the daemon on core 0, Redis and the load on core 1; latency from when each message was due`);
      say(`    accept   p50 ${of('accept_p50_ms').toFixed(2)} ms   p99 ${of('accept_p99_ms').toFixed(2)} ms   max ${of('accept_max_ms').toFixed(1)} ms   refused or unanswered ${Math.max(...got.map((o) => o.refused + o.unanswered))}`);
      say(`    decision p50 ${of('decide_p50_ms').toFixed(2)} ms   p99 ${of('decide_p99_ms').toFixed(2)} ms   max ${of('decide_max_ms').toFixed(1)} ms   (${n0(of('decide_n'))} that opened a post were read back; p99 of each run: ${got.map((o) => o.decide_p99_ms.toFixed(1)).join(' ')})`);
      say(`    CPU a million messages, from socket to commit: daemon ${cpu[0].toFixed(1)} s, Redis ${cpu[1].toFixed(1)} s`);
      aim('accept p99', of('accept_p99_ms'), -5, ' ms');
      aim('decision p99', of('decide_p99_ms'), -15, ' ms');
    }
  },
  async d() {
    const rates = [], bareRates = [], cpu = [];
    let memory;
    for (let round = 0; round < ROUNDS; round++) {
      bareRates.push(await bareDrain(round));
      const s = await linli('always', { wait: false, redisCore: 1 });
      const r = await s.redis.client();
      const before = await usedMemory(r);
      fill(s.redis, `f${round}`);
      const filled = await usedMemory(r);
      const redisBefore = cpuSeconds(s.redis.child);
      await s.up();
      const first = Date.now(); // ready; it takes and loads its shards only now
      await until('the backlog to be decided', async () => (await logLength(s.redis)) === 0, 300e3, 20);
      rates.push(BACKLOG / ((Date.now() - first) / 1000));
      cpu.push([cpuSeconds(s.daemon.child), cpuSeconds(s.redis.child) - redisBefore].map((x) => x * 1e6 / BACKLOG));
      memory = { waiting: (filled - before) / BACKLOG, ...(await perObject(r)) };
      await s.end();
    }
    say(`  (d) a backlog of ${n0(BACKLOG)} mixed messages, durability always: decided and committed a second`);
    say(`    linli                  ${n0(median(rates)).padStart(9)}   (${rates.map(n0).join(' ')})`);
    say(`    bare fenced consumer   ${n0(median(bareRates)).padStart(9)}   (${bareRates.map(n0).join(' ')})`);
    aim('thousands a second', median(rates) / 1000, 50);
    aim('linli / bare fenced consumer', median(rates) / median(bareRates), 0.5);
    say('  (e) costs');
    say(`    Redis memory: ${n0(memory.waiting)} bytes an entry waiting, ${n0(memory.decided)} a message decided (seen and talk), ${n0(memory.post)} a post, ${n0(memory.match)} a match`);
    say(`    CPU a million messages, read to committed: daemon ${median(cpu.map((c) => c[0])).toFixed(1)} s, Redis ${median(cpu.map((c) => c[1])).toFixed(1)} s`);
  },
};

/** Entries that wait, in one round trip. */
async function logLength(redis) {
  const p = (await redis.client()).pipeline();
  for (let i = 0; i < SHARDS; i++) p.xlen(`linli:{s${String(i).padStart(2, '0')}}:log`);
  return (await p.exec()).reduce((sum, [, n]) => sum + n, 0);
}

function fill(redis, run) {
  execFileSync('taskset', ['-c', '0', program('bench_fill'), redis.socket, String(SHARDS), String(BACKLOG), run]);
}

async function bareDrain(round) {
  const redis = await redisFrom(tmp(), 'always', 1);
  fill(redis, `b${round}`);
  const began = Date.now(), child = start('taskset', ['-c', '0', program('bench_consumer'), redis.socket, String(SHARDS)]);
  await child.ended;
  const rate = BACKLOG / ((Date.now() - began) / 1000);
  const left = await logLength(redis);
  await redis.stop();
  if (left) throw new Error(`the bare consumer left ${left} entries: ${child.log}`);
  return rate;
}

async function usedMemory(r) { return Number((await r.info('memory')).match(/used_memory:(\d+)/)[1]); }

async function perObject(r) {
  const sum = { seen: 0, talk: 0, posts: 0, matches: 0 }, count = { posts: 0, matches: 0 };
  for (const key of await r.keys('linli:{s*}:*')) {
    const kind = key.split(':')[2];
    if (!(kind in sum)) continue;
    sum[kind] += await r.memory('USAGE', key, 'SAMPLES', '0');
    if (kind in count) count[kind] += await r.hlen(key);
  }
  return { decided: (sum.seen + sum.talk) / BACKLOG, post: sum.posts / (count.posts || 1), match: sum.matches / (count.matches || 1) };
}

const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : ['text', 'match', 'index', 'a', 'b', 'c', 'd']) {
  if (!parts[name]) throw new Error(`no part ${name}: there are text, match, index, a, b, c, d (which tells e, too)`);
  await parts[name]();
}
process.exit(0);
