// A verifier written from FORMAT.md alone. node stranger.mjs KEYS [--checkpoint FILE] FILE…
import { createHash, createPublicKey, verify as ed } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

class Wrong extends Error {}
class CannotCheck extends Error {}
const need = (ok, why) => { if (!ok) throw new Wrong(why); };
const sha = (...parts) => { const h = createHash('sha256'); for (const p of parts) h.update(p); return h.digest(); };
const hexOf = (text, n) => { need(typeof text === 'string' && new RegExp(`^[0-9a-fA-F]{${2 * n}}$`).test(text), 'hex'); return Buffer.from(text, 'hex'); };
const b64 = text => { const o = Buffer.from(text, 'base64'); need(o.toString('base64') === text, 'base64'); return o; };
const utf8 = text => Buffer.from(text, 'utf8');

// 1: JSON without double members; JCS
function parse(text) {
  let at = 0;
  const bad = () => { throw new CannotCheck('json at ' + at); };
  const ws = () => { while (' \t\r\n'.includes(text[at] ?? 'x')) at++; };
  const value = () => {
    ws();
    if (text[at] === '{') {
      const o = {}; at++; ws();
      if (text[at] === '}') { at++; return o; }
      for (;;) {
        ws(); const k = string(); ws(); if (text[at++] !== ':') bad();
        if (Object.hasOwn(o, k)) bad();
        Object.defineProperty(o, k, { value: value(), enumerable: true, configurable: true, writable: true }); ws();
        const c = text[at++]; if (c === '}') return o; if (c !== ',') bad();
      }
    }
    if (text[at] === '[') {
      const a = []; at++; ws();
      if (text[at] === ']') { at++; return a; }
      for (;;) { a.push(value()); ws(); const c = text[at++]; if (c === ']') return a; if (c !== ',') bad(); }
    }
    if (text[at] === '"') return string();
    for (const [w, v] of [['true', true], ['false', false], ['null', null]]) if (text.startsWith(w, at)) { at += w.length; return v; }
    const m = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(text.slice(at)); if (!m) bad();
    at += m[0].length;
    return new Num(m[0]);
  };
  const string = () => {
    const m = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(text.slice(at)); if (!m) bad();
    at += m[0].length; return JSON.parse(m[0]);
  };
  const v = value(); ws(); if (at !== text.length) bad();
  return v;
}
class Num { constructor(t) { this.text = t; this.value = Number(t); } }
const int = n => { need(n instanceof Num && /^(0|[1-9][0-9]*)$/.test(n.text), 'integer'); return n.value; };
function jcs(v) {
  if (v === null || v === true || v === false) return String(v);
  if (v instanceof Num) { need(Number.isFinite(v.value), 'number'); return JSON.stringify(v.value === 0 ? 0 : v.value); }
  if (typeof v === 'string') { need(v.isWellFormed(), 'surrogate'); return JSON.stringify(v); }
  if (Array.isArray(v)) return '[' + v.map(jcs).join(',') + ']';
  return '{' + Object.keys(v).sort().map(k => jcs(k) + ':' + jcs(v[k])).join(',') + '}';
}

// 2, 4
const leafOf = header => sha(Buffer.from([0]), utf8(jcs(header)));
const node = (l, r) => sha(Buffer.from([1]), l, r);
function inclusion(index, size, leaf, path) {   // RFC 9162 2.1.3.2
  need(index < size, 'index');
  let fn = BigInt(index), sn = BigInt(size) - 1n, r = leaf;
  for (const p of path) {
    need(sn !== 0n, 'a hash too many');
    if ((fn & 1n) || fn === sn) {
      r = node(p, r);
      if (!(fn & 1n)) while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else r = node(r, p);
    fn >>= 1n; sn >>= 1n;
  }
  need(sn === 0n, 'too few hashes');
  return r;
}
function consistency(first, second, a, b, path) {  // 2.1.4.2
  need(first <= second, 'shrinks');
  if (first === second) { need(path.length === 0 && a.equals(b), 'other root'); return; }
  if (first === 0) { need(path.length === 0, 'hash left over'); return; }
  need(path.length > 0, 'empty');
  const p = [...path];
  if ((BigInt(first) & (BigInt(first) - 1n)) === 0n) p.unshift(a);
  let fn = BigInt(first) - 1n, sn = BigInt(second) - 1n;
  while (fn & 1n) { fn >>= 1n; sn >>= 1n; }
  let fr = p[0], sr = p[0];
  for (const c of p.slice(1)) {
    need(sn !== 0n, 'hash left over');
    if ((fn & 1n) || fn === sn) {
      fr = node(c, fr); sr = node(c, sr);
      while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else sr = node(sr, c);
    fn >>= 1n; sn >>= 1n;
  }
  need(fr.equals(a) && sr.equals(b) && sn === 0n, 'not grown from it');
}

// 5
const typed = (name, id, octets, type) => {
  need(octets[0] === type && octets.length === 33, 'key type');
  need(sha(utf8(name), Buffer.from([10]), octets).subarray(0, 4).toString('hex') === id, 'key id');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), octets.subarray(1)]);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
};
function keyOf(line) {
  const [text, ...life] = line.split(' ');
  const [name, id, ...rest] = text.split('+');
  const key = { name, id, key: typed(name, id, b64(rest.join('+')), 1) };
  for (const part of life) {
    const [k, v] = part.split('=');
    if (k === 'from-size') key.from = Number(v); else if (k === 'until-size') key.to = Number(v);
    else if (k === 'until') key.until = v; else if (k === 'revoked') key.revoked = v; else throw new CannotCheck('life ' + k);
  }
  return key;
}
const keysIn = text => text.split('\n').filter(l => l && !l.startsWith('#')).map(keyOf);
function note(text) {
  const at = text.lastIndexOf('\n\n');
  need(at > 0 && text.endsWith('\n'), 'no note');
  need(!/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text), 'controls');
  const lines = text.slice(at + 2, -1).split('\n');
  need(lines.length <= 100, 'lines');
  return { text: text.slice(0, at + 1), signed: lines.map(l => {
    const m = /^\u2014 (\S+) (\S+)$/.exec(l); need(m, 'signature line');
    const o = b64(m[2]); need(o.length > 4, 'short'); return { name: m[1], id: o.subarray(0, 4).toString('hex'), sig: o.subarray(4) };
  }) };
}
const nanos = t => { const m = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(t); if (!m) return null; const ms = Date.parse(m[1] + 'Z'); return Number.isNaN(ms) ? null : BigInt(ms) * 1000000n + BigInt((m[2] ?? '').padEnd(9, '0')); };
function signers(n, keys) {
  const by = [];
  for (const s of n.signed) for (const k of keys) if (k.name === s.name && k.id === s.id) {
    need(ed(null, utf8(n.text), k.key, s.sig), 'wrong signature'); by.push(k);
  }
  return by;
}
const counts = (k, size, time) => !k.revoked && (k.from === undefined || size >= k.from) && (k.to === undefined || size <= k.to)
  && (k.until === undefined || time === null || (nanos(time) !== null && nanos(time) <= nanos(k.until)));
function checkpoint(text) {
  const n = note(text), [origin, size, root] = n.text.split('\n');
  need(/^(0|[1-9][0-9]*)$/.test(size), 'size');
  const r = b64(root); need(r.length === 32, 'root');
  return { note: n, origin, size: Number(size), root: r };
}
function believed(c, keys, time) {
  const by = signers(c.note, keys.filter(k => k.name === c.origin));
  if (!by.length && !keys.some(k => k.name === c.origin)) throw new CannotCheck('no key of ' + c.origin);
  need(by.some(k => counts(k, c.size, time)), 'not believed');
  return c;
}

// 8
const members = (o, all) => { need(o && typeof o === 'object' && !Array.isArray(o) && !(o instanceof Num), 'object'); for (const k of Object.keys(o)) need(all.includes(k), 'member ' + k); };
const HEADER = ['commitment', 'entry_id', 'index', 'log', 'prev', 'schema', 'time', 'type'];
function payload(o) {
  members(o.entry, HEADER); need(HEADER.every(k => k in o.entry), 'header'); need(int(o.entry.schema) === 1, 'schema');
  need('payload' in o, 'payload');
  if (o.payload === null) return;
  need(sha(hexOf(o.salt, 32), utf8(jcs(o.payload))).toString('hex') === o.entry.commitment, 'commitment');
}
const get = (o, path) => path.split('.').reduce((x, k) => (x && typeof x === 'object' ? x[k] : undefined), o);
const words = o => { if ('text' in o) need(sha(utf8(o.text)).toString('hex') === get(o.payload, 'notice.text_sha256'), 'text'); };
function place(o, keys, roots) {
  members(o.proof, ['index', 'size', 'hashes']);
  const c = checkpoint(o.checkpoint), index = int(o.proof.index), size = int(o.proof.size);
  need(new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${o.entry.type === 'Imported' ? 8 : 7}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).test(o.entry.entry_id), 'entry_id');
  need(o.entry.log === c.origin && int(o.entry.index) === index && size === c.size, 'place');
  need(inclusion(index, size, leafOf(o.entry), o.proof.hashes.map(h => { const x = b64(h); need(x.length === 32, 'hash'); return x; })).equals(c.root), 'root');
  const at = c.origin + ' ' + c.size, first = roots.get(at) ?? c.root;
  need(first.equals(c.root), 'two roots of one size'); roots.set(at, first);
  return believed(c, keys, o.entry.time);
}
function receipt(r, keys) {
  const roots = new Map();
  members(r, ['receipt', 'entry', 'salt', 'payload', 'text', 'heard', 'since', 'as_of', 'statement', 'proof', 'checkpoint', 'signed_by']);
  need(['consent-receipt/1', 'consent-receipt/2'].includes(r.receipt), 'version');
  payload(r); words(r);
  const c = place(r, keys, roots);
  if ('signed_by' in r) need(Array.isArray(r.signed_by), 'signed_by');
  for (const k of r.signed_by ?? []) need(signers(c.note, [keyOf(k)]).length, 'signed_by');
  if ('heard' in r) {
    need(r.heard.length && ['Given', 'Renewed', 'Reaffirmed', 'Refused', 'Unanswered'].includes(r.entry.type) && get(r.payload, 'call.gateway_call_id'), 'heard');
    for (const h of r.heard) {
      members(h, ['entry', 'salt', 'payload', 'proof', 'checkpoint', 'text']); payload(h); words(h); place(h, keys, roots);
      need(h.entry.type === 'Served' && get(h.payload, 'call.gateway_call_id') === get(r.payload, 'call.gateway_call_id'), 'heard');
      need(nanos(get(h.payload, 'served.started_at') ?? '') !== null && nanos(h.payload.served.started_at) < nanos(r.entry.time), 'heard later');
    }
  }
  const about = new Set([r.entry.entry_id]);
  if ('since' in r) {
    need(r.since.length && ['Given', 'Renewed', 'Imported', 'Reaffirmed'].includes(r.entry.type), 'since');
    for (const s of r.since) {
      members(s, ['entry', 'salt', 'payload', 'proof', 'checkpoint']); payload(s); place(s, keys, roots);
      need(about.has(get(s.payload, 'refers_to')), 'since of another'); if (s.entry.type === 'Reaffirmed') about.add(s.entry.entry_id);
    }
  }
  const stood = new Map();
  if ('as_of' in r) {
    need(r.as_of.length, 'as_of');
    for (const a of r.as_of) {
      members(a, ['entry', 'proof', 'checkpoint']); place(a, keys, roots);
      need(int(a.proof.index) === int(a.proof.size) - 1, 'not the last'); stood.set(a.entry.log, a);
    }
    for (const e of [r, ...(r.since ?? [])]) need(stood.has(e.entry.log) && int(e.entry.index) < int(stood.get(e.entry.log).proof.size), 'as_of too small');
  }
  let all = false;
  if ('statement' in r) {
    const { statement, signed_by, ...rest } = r, at = stood.get(r.entry.log), n = at ? int(at.proof.size) : 0;
    const s = note(statement);
    need(s.text === `consent-gateway/receipt/1\n${r.entry.log}\nentry ${r.entry.entry_id}\nsize ${n}\nsha256 ${sha(utf8(jcs(rest))).toString('hex')}\n`, 'statement');
    need(signers(s, keys.filter(k => k.name === r.entry.log)).some(k => counts(k, n, at ? at.entry.time : null)), 'statement by nobody');
    all = true;
  }
  return `${r.entry.type} at ${r.entry.time}` + (all ? '' : '; a withdrawal may be missing');
}
function find(o) {
  if (!o || typeof o !== 'object' || o instanceof Num) return [];
  if (o.receipt && typeof o.receipt === 'string') return [o];
  const found = [];
  if (o['cg:receipt']) found.push(o['cg:receipt']);
  for (const a of Array.isArray(o.attachments) ? o.attachments : []) {
    if (a.body?.receipt) found.push(a.body.receipt);
    for (const m of a.body?.proof_mechanisms ?? []) if (m.proof_data?.receipt) found.push(m.proof_data.receipt);
  }
  return found;
}

// 10, 11
function proof(text, keys, kept) {
  try { return proved(text, keys, kept); } catch (e) { throw e instanceof CannotCheck ? new Wrong(e.message) : e; }
}
function proved(text, keys, kept) {
  if (text.startsWith('c2sp.org/tlog-proof@v1\n')) {
    const [head, ...rest] = text.split('\n\n'), lines = head.split('\n');
    let i = 1, extra = null;
    if (lines[i].startsWith('extra ')) extra = b64(lines[i++].slice(6));
    const m = /^index (0|[1-9][0-9]*)$/.exec(lines[i++]); need(m, 'index');
    const header = parse(extra.toString('utf8')); need(jcs(header) === extra.toString('utf8'), 'extra is not canonical');
    const c = believed(checkpoint(rest.join('\n\n')), keys, header.time);
    need(header.log === c.origin && int(header.index) === Number(m[1]), 'place');
    need(inclusion(Number(m[1]), c.size, sha(Buffer.from([0]), extra), lines.slice(i).map(b64)).equals(c.root), 'root');
    return `entry ${m[1]} of ${c.origin}`;
  }
  const at = text.indexOf('\n\n'), lines = text.slice(0, at).split('\n'), m = /^old (0|[1-9][0-9]*)$/.exec(lines[0]); need(m, 'old');
  const c = believed(checkpoint(text.slice(at + 2)), keys, null), old = kept.find(k => k.size === Number(m[1]) && k.origin === c.origin);
  need(old, 'no kept checkpoint of that size'); believed(old, keys, null);
  consistency(old.size, c.size, old.root, c.root, lines.slice(1).map(b64));
  return `grew from ${old.size} to ${c.size}`;
}
function rootOf(leaves) {
  if (!leaves.length) return sha();
  if (leaves.length === 1) return leaves[0];
  let k = 1; while (k * 2 < leaves.length) k *= 2;
  return node(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}
function tiles(dir, keys, kept) {
  const c = believed(checkpoint(readFileSync(join(dir, 'checkpoint'), 'utf8')), keys, null);
  const path = n => { const p = []; let s = String(n); do { p.unshift(String(n % 1000).padStart(3, '0')); n = Math.floor(n / 1000); } while (n > 0); return p.map((x, i) => (i < p.length - 1 ? 'x' + x : x)).join('/'); };
  const leaves = []; let prev = '0'.repeat(64), last = null;
  for (let n = 0; n * 256 < c.size; n++) {
    const w = Math.min(256, c.size - n * 256), at = join(dir, 'tile/entries', path(n) + (w < 256 ? `.p/${w}` : ''));
    const o = readFileSync(at); let i = 0;
    for (let j = 0; j < w; j++) {
      const len = o.readUInt16BE(i), e = o.subarray(i + 2, i + 2 + len).toString('utf8'), h = parse(e); i += 2 + len;
      need(jcs(h) === e && h.log === c.origin && int(h.index) === leaves.length && h.prev === prev, 'entry');
      need(last === null || nanos(h.time) >= last, 'time'); last = nanos(h.time);
      leaves.push(leafOf(h)); prev = leaves.at(-1).toString('hex');
    }
    need(i === o.length, 'bundle');
  }
  let row = leaves;
  for (let level = 0; row.length; level++) {
    const up = [];
    for (let n = 0; n * 256 < row.length; n++) {
      const part = row.slice(n * 256, n * 256 + 256);
      need(readFileSync(join(dir, `tile/${level}`, path(n) + (part.length < 256 ? `.p/${part.length}` : ''))).equals(Buffer.concat(part)), 'tile');
      if (part.length === 256) up.push(rootOf(part));
    }
    row = up;
  }
  need(rootOf(leaves).equals(c.root), 'root');
  for (const k of kept) if (k.origin === c.origin) need(k.size <= c.size && rootOf(leaves.slice(0, k.size)).equals(k.root), 'kept');
  return `${c.size} entries`;
}

const [keyFile, ...args] = process.argv.slice(2), keys = keysIn(readFileSync(keyFile, 'utf8')), kept = [], files = [];
while (args.length) { const a = args.shift(); if (a === '--checkpoint') kept.push(checkpoint(readFileSync(args.shift(), 'utf8'))); else files.push(a); }
let code = 0;
for (const f of files) {
  try {
    let said;
    if (statSync(f).isDirectory()) said = tiles(f, keys, kept);
    else {
      const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(readFileSync(f));
      if (text.startsWith('<!DOCTYPE html>\n<html lang="')) {
        const from = text.lastIndexOf('<pre id="receipt">') + 18, to = text.lastIndexOf('</pre>');
        const un = text.slice(from, to).replace(/&(amp|lt|gt|quot);/g, (_, w) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[w]);
        said = receipt(parse(un), keys) + '; the page around it was not checked';
      } else if (text.startsWith('{')) {
        const o = parse(text), all = find(o); need(all.length, 'no receipt');
        said = all.map(r => receipt(r, keys)).join(', ') + (all[0] === o ? '' : '; what stands around it was not checked');
      } else if (text.startsWith('old ') || text.startsWith('c2sp.org/tlog-proof@v1\n')) said = proof(text, keys, kept);
      else if (!f.endsWith('.checkpoint')) throw new CannotCheck('no such form');
      else { const c = believed(checkpoint(text), keys, null); said = `checkpoint ${c.size}`; }
    }
    console.log(`${f}: right: ${said}`);
  } catch (e) {
    // What is missing or of another type is met as a TypeError.
    const wrong = e instanceof Wrong || e instanceof TypeError;
    console.log(`${f}: ${wrong ? 'WRONG' : e instanceof CannotCheck ? 'CANNOT CHECK' : 'FELL OVER'}: ${e.message}`);
    code = Math.max(code, wrong ? 1 : 2);
  }
}
process.exit(code);
