// A day in a few groups, made from a seed: requests, offers, claims, closures, reports and chat, in
// an order that is fixed for each group. Two runs over it must end in the same state.
import { message } from './rig.mjs';

export function random(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const things = ['电钻', '打气筒', '婴儿车', '轮椅', '充电宝', '雨伞', '卷尺', '螺丝刀', '豆浆机', '折叠床', '血压计', '热水袋'];
const chat = ['早上好', '今天风好大', '哈哈哈哈', '收到', '吃了没', '楼下桂花开了', '周末愉快', '太热了', '[呲牙]', '好的好的'];
const reports = ['2栋电梯又坏了', '楼道灯不亮了', '地下车库漏水', '垃圾桶满了没人清'];

/** n messages over `groups` groups; each has group, id, and a time of its own (a minute apart).
 *  `apart`: offers are made in a second group of each community (2k beside 2k - 1), so that they meet
 *  their requests by a proposal and not as an answer. */
export function load(n, { groups = 4, seed = 1, start = Date.now() - 6 * 3600e3, prefix = '', apart = false } = {}) {
  const rnd = random(seed), out = [], open = new Map();
  for (let i = 0; i < n; i++) {
    const g = 1 + Math.floor(rnd() * groups), sender = `u${g}-${Math.floor(rnd() * 8)}`;
    const id = `${prefix}m${i}`, what = rnd(), thing = things[Math.floor(rnd() * things.length)];
    const time = new Date(start + i * 5000).toISOString();
    const asked = open.get(g) || [];
    const place = (kind) => `x-${apart ? 2 * g - (kind === 'offer' ? 0 : 1) : g}`;
    let text, more = { time }, group = place();
    if (what < 0.12) { text = `谁家有${thing}借用一下？`; asked.push({ id, sender, kind: 'request' }); }
    else if (what < 0.2) { text = `闲置${thing}免费送，一共2个，有需要的吗`; group = place('offer'); asked.push({ id, sender, kind: 'offer' }); }
    else if (what < 0.4 && asked.length) {
      const at = asked[Math.floor(rnd() * asked.length)];
      if (at.sender !== sender) more.reply_to = at.id;
      text = at.kind === 'request' ? '我有，来拿' : '我要一个';
      group = place(at.kind);
    } else if (what < 0.5 && asked.length) {
      const at = asked.shift();
      out.push(message(id, place(at.kind), at.sender, at.kind === 'request' ? '借到了，谢谢大家' : '已送出', { ...more, reply_to: at.id }));
      open.set(g, asked);
      continue;
    } else if (what < 0.53) text = reports[Math.floor(rnd() * reports.length)];
    else text = chat[Math.floor(rnd() * chat.length)];
    open.set(g, asked);
    out.push(message(id, group, sender, text, more));
  }
  return out;
}

/** What nobody settles: a request for each thing in every community, and an offer of it elsewhere. */
export function unsettled({ communities = 4, start = Date.now() } = {}) {
  const out = [];
  for (let g = 1; g <= communities; g++) {
    things.forEach((thing, i) => {
      const time = new Date(start + i * 5000).toISOString();
      out.push(message(`give-${g}-${i}`, `x-${2 * g}`, `v${g}-${i}`, `闲置${thing}免费送，有需要的吗`, { time }),
        message(`ask-${g}-${i}`, `x-${2 * g - 1}`, `w${g}-${i}`, `谁家有${thing}借用一下？`, { time }));
    });
  }
  return out;
}

/** Send in order within each lane (a group), lanes side by side, each message until it is
 *  acknowledged. Returns what was acknowledged, in order. */
export async function produce(daemon, messages, { lane: laneOf = (m) => m.group, onAck = () => {}, gate = () => {}, stopAt = Infinity } = {}) {
  const lanes = new Map();
  for (const m of messages) (lanes.get(laneOf(m)) || lanes.set(laneOf(m), []).get(laneOf(m))).push(m);
  const acked = [], unexpected = [];
  await Promise.all([...lanes.values()].map(async (lane) => {
    for (const m of lane) {
      await gate();
      for (;;) {
        if (Date.now() > stopAt) throw new Error('the load did not end in time');
        let rs = null;
        try { rs = await daemon.send(m, { timeout: 5000 }); } catch {}
        if (rs?.status === 202) break;
        if (rs && rs.status !== 503) unexpected.push([m.id, rs.status, rs.text]);
        await new Promise((r) => setTimeout(r, 5)); // the server is away: give it a moment
      }
      acked.push(m.id);
      onAck(acked.length);
    }
  }));
  return { acked, unexpected };
}

/** The state as it looks from outside: by message ids, without times, numbers and versions. */
export function shape({ posts, matches, cases }) {
  const post = new Map(posts.map((p) => [p.id, p]));
  const name = (id) => (id ? post.get(id)?.origin?.message ?? id : '');
  return {
    posts: posts.map((p) => [p.origin.message, p.side, p.state, p.category, p.asked ?? 0, p.reserved ?? 0, p.fulfilled ?? 0].join(' ')).sort(),
    matches: matches.map((m) => [m.request_message ?? name(m.request), m.offer_message ?? (m.resource || name(m.offer)), m.state, m.route].join(' ')).sort(),
    cases: cases.map((c) => [c.origin.message, c.state, c.category, (c.reporters || []).length].join(' ')).sort(),
  };
}
