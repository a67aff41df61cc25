// linlictl classify: a message in its conversation.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { build } from './lib/rig.mjs';

/** {code, lines, err} of classify on these messages. */
const classify = (messages) => new Promise((resolve) => {
  const child = execFile(path.join(build, 'linlictl'), ['classify'], { timeout: 60e3, env: { ...process.env, LINLI_MODEL: path.join(build, 'linli.model') } },
    (e, out, err) => resolve({ code: e ? e.code ?? e.signal : 0, lines: out.trim().split('\n').filter(Boolean).map((l) => JSON.parse(l)), err }));
  child.stdin.end(messages.map((m) => `${typeof m === 'string' ? m : JSON.stringify(m)}\n`).join(''));
});
const wish = { id: 'w', text: '谁家有吉他借用一下', sender: { id: 'a' } };

test('what a message means hangs on who has said what before it', { timeout: 60e3 }, async () => {
  const { code, lines } = await classify([
    { id: 'thanks', text: '拿到了，谢谢' },
    { id: 'own', text: '不用了，谢谢大家', sender: { id: 'a' }, context: [wish] },
    { id: 'other', text: '我有，来拿吧', sender: { id: 'b' }, context: [wish] },
    { id: 'quoting', text: '我有，来拿吧', sender: { id: 'b' }, reply_to: 'w', context: [wish, { id: 'x', text: '今天好热', sender: { id: 'c' } }] },
    { id: 'bare', text: '我要一盆', context: [{ text: '多的绿萝免费送，谁要来拿' }] },
  ]);
  assert.equal(code, 0);
  const means = Object.fromEntries(lines.map((l) => [l.id, l.intent]));
  assert.notEqual(means.thanks, 'claim');
  assert.equal(means.own, 'closure');
  assert.equal(means.other, 'claim');
  assert.equal(means.quoting, 'claim');
  assert.equal(means.bare, 'claim');
  for (const l of lines) assert.ok(l.intent_p > 0 && l.intent_p <= 1);
});

test('a line that is no message is told by its number, and the others are read', { timeout: 60e3 }, async () => {
  const { code, lines, err } = await classify([{ id: '1', text: '早上好', context: [] }, { id: '2' }, { id: '3', text: '谁家有梯子', context: 'none' }]);
  assert.notEqual(code, 0);
  assert.match(err, /line 2/);
  assert.deepEqual(lines.map((l) => l.id), ['1', '3']);
});

test('what is wrong with a line is told with its field, and no time is made up', { timeout: 60e3 }, async () => {
  const time = /\/time must be like/;
  for (const [line, told] of [
    ['{bad', /line 1: (?!not a)/], ['[1]', /must be an object/], [{ txt: '明天' }, /\/text is missing/], [{ text: 5 }, /\/text must be a string/],
    [{ text: '明天', time: '2026-13-45' }, time], [{ text: '明天', time: 'yesterday' }, time],
    [{ text: '明天', context: [{ text: '谁有梯子' }, { text: '我有', time: 'now' }] }, /\/context\/1\/time must be/],
  ]) {
    const { code, lines, err } = await classify([line]);
    assert.equal(code, 3, JSON.stringify(line));
    assert.match(err, told);
    assert.match(err, /^linlictl: line 1: /);
    assert.deepEqual(lines, []);
  }
  const { lines } = await classify([{ text: '明天借梯子', time: 1796090400 }, { text: '明天借梯子', time: '2026-12-01T10:00:00+08:00' }, { text: '明天借梯子', time: null }]);
  assert.equal(lines.length, 3);
  assert.equal(lines[0].slots.time.start, '2026-12-02T00:00:00+08:00');
  assert.deepEqual(lines[1].slots, lines[0].slots);
});
