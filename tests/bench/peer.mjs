// What a good Node developer would write: fastify + ioredis; checks the signature, parses, XADDs to the
// group's stream, answers 202 when Redis has. It understands and decides nothing.
//   node peer.mjs PORT REDIS-SOCKET
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../live/package.json', import.meta.url));
const fastify = require('fastify');
const Redis = require('ioredis');
const [port, socket] = process.argv.slice(2);
const key = Buffer.alloc(32, 7);
const redis = new Redis({ path: socket, enableAutoPipelining: true });
const app = fastify({ logger: false, bodyLimit: 1 << 20 });

app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (rq, body, done) => done(null, body));

function isSigned(rq) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = rq.headers;
  if (!id || Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const mac = createHmac('sha256', key).update(`${id}.${at}.`).update(rq.body).digest();
  const given = Buffer.from(signature.slice(3), 'base64');
  return given.length === mac.length && timingSafeEqual(given, mac);
}

function shardOf(group) {
  let h = 0;
  for (let i = 0; i < group.length; i++) h = (h * 31 + group.charCodeAt(i)) >>> 0;
  return h % 64;
}

app.post('/v1/messages', async (rq, rs) => {
  if (!isSigned(rq)) return rs.code(401).send({});
  let messages;
  try { messages = JSON.parse(rq.body); } catch { return rs.code(400).send({}); }
  if (!Array.isArray(messages)) messages = [messages];
  for (const m of messages) if (!m.id || !m.group || !m.sender?.id || typeof m.text !== 'string') return rs.code(422).send({});
  await Promise.all(messages.map((m) => redis.xadd(`peer:{s${shardOf(m.group)}}:log`, '*', 'e', JSON.stringify(m))));
  return rs.code(202).send({ results: messages.map((m) => ({ id: m.id, status: 202 })) });
});

await app.listen({ port: Number(port), host: '127.0.0.1' });
console.log('ready');
process.on('disconnect', () => process.exit(0));
