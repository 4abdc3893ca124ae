#!/usr/bin/env python3
"""consent_ledger_verify.py: checks a consent gateway's log, receipts and proofs with public keys alone.

Does what gateway/ledger/FORMAT.md says; no line of it is the gateway's. Needs Python 3.9 and its package cryptography (Debian:
python3-cryptography). Reads only, sends nothing.
Exit code 0: right; 1: not right; 2: wrong usage, or something cannot be read, or not be checked.
"""
import argparse, base64, hashlib, json, os, re, sqlite3, struct, sys
from datetime import datetime, timezone
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RIGHT, WRONG, UNCHECKED = 0, 1, 2
TABLES_KNOWN = 21
HOUR_MS = 3600 * 1000


class Unreadable(Exception):
    """It cannot be read, or is not what it should be: no verdict."""


class Refused(Exception):
    """It is not right."""


def require(holds, otherwise):
    if not holds:
        raise Refused(otherwise)


# ---------------------------------------------------------------- octets, JSON, times (FORMAT.md 1)

def sha(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def unbase64(text):
    try:
        octets = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise Refused('no base64')
    require(base64.b64encode(octets).decode() == text, 'not the one base64 of its octets')
    return octets


def unhex(text):
    return bytes.fromhex(text) if isinstance(text, str) and re.fullmatch('([0-9a-fA-F]{2})*', text) else b''


def no_twice(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError('a name stands twice')
    return dict(pairs)


def no_constant(name):
    raise ValueError(name + ' is no number of JSON')


def parse_json(octets, what):
    try:
        text = octets.decode('utf-8') if isinstance(octets, bytes) else octets
        return json.loads(text, object_pairs_hook=no_twice, parse_constant=no_constant)
    except (ValueError, RecursionError) as e:
        raise Unreadable(f'{what} is no JSON: {e}')


def number(value):
    """As ECMAScript writes a double (RFC 8785 section 3.2.2.3)."""
    try:
        value = float(value)
    except OverflowError:
        raise Refused('no number')
    require(value == value and abs(value) != float('inf'), 'no number')
    if value == int(value) and abs(value) < 2 ** 53:
        return str(int(value))
    sign, (digits, exponent) = '-' if value < 0 else '', (repr(abs(value)).split('e') + ['0'])[:2]
    whole, _, fraction = digits.partition('.')
    fraction = '' if fraction == '0' else fraction
    n = len(whole) + int(exponent)  # where the point stands, from the first digit
    digits = whole + fraction
    n -= len(digits) - len(digits.lstrip('0'))
    digits = digits.strip('0')
    k = len(digits)
    if k <= n <= 21:
        return sign + digits + '0' * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + '.' + digits[n:]
    if -6 < n <= 0:
        return sign + '0.' + '0' * -n + digits
    return sign + digits[0] + ('.' + digits[1:] if k > 1 else '') + 'e' + ('+' if n > 0 else '-') + str(abs(n - 1))


SHORT = {'"': '\\"', '\\': '\\\\', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r'}


def string(text):
    require(not re.search('[\ud800-\udfff]', text), 'a lone surrogate')
    return '"' + re.sub('["\\\\\x00-\x1f]', lambda c: SHORT.get(c[0], '\\u%04x' % ord(c[0])), text) + '"'


def canonical(value):
    """RFC 8785."""
    return text_of(value).encode('utf-8')


def text_of(value):
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return '[' + ','.join(map(text_of, value)) + ']'
    names = sorted(value, key=lambda name: name.encode('utf-16-be', 'surrogatepass'))
    return '{' + ','.join(string(name) + ':' + text_of(value[name]) for name in names) + '}'


def instant(text):
    """(seconds, nanoseconds); None where it is none."""
    found = isinstance(text, str) and re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z', text)
    if not found:
        return None
    try:
        day = datetime(*map(int, found.groups()[:6]), tzinfo=timezone.utc)
    except ValueError:
        return None
    return int(day.timestamp()), int((found[7] or '').ljust(9, '0'))


def at(value, *path):
    """A member of a member; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def words(value, *path):
    found = at(value, *path)
    return found if isinstance(found, str) else ''


def integer(value):
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 63 else -1


# ---------------------------------------------------------------- the tree (FORMAT.md 4)

EMPTY = sha()


def leaf_of(entry):
    return sha(b'\0', entry)


def node(left, right):
    return sha(b'\1', left, right)


class Tree:
    """The right edge: roots of complete subtrees by level."""

    def __init__(self):
        self.size, self.peaks = 0, {}

    def append(self, leaf, complete=lambda level, index, hash: None):
        level, rest = 0, self.size
        while rest & 1:
            leaf = node(self.peaks.pop(level), leaf)
            level, rest = level + 1, rest >> 1
            if level % 8 == 0:
                complete(level, self.size >> level, leaf)
        self.peaks[level] = leaf
        self.size += 1

    def root(self):
        root = None
        for level in sorted(self.peaks):
            root = self.peaks[level] if root is None else node(self.peaks[level], root)
        return EMPTY if root is None else root


def includes(index, size, leaf, proof, root):
    """RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn = index, size - 1
    for p in proof:
        if sn == 0 or len(p) != 32:
            return False
        if fn & 1 or fn == sn:
            leaf = node(p, leaf)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            leaf = node(leaf, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and leaf == root


def continues(first, second, first_root, second_root, proof):
    """RFC 9162 section 2.1.4.2; every tree continues itself and the empty one."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY
    if not proof:
        return False
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0 or len(c) != 32:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


# ---------------------------------------------------------------- keys, notes, checkpoints (FORMAT.md 5, 6)

class Life:
    """From when until when a key signs."""

    def __init__(self, from_size=0, until_size=None, until=None, revoked=None):
        self.from_size, self.until_size, self.until, self.revoked = from_size, until_size, until, revoked

    def stricter(self, other):
        def earlier(a, b):
            return b if a is None else a if b is None else min(a, b)
        return Life(max(self.from_size, other.from_size), earlier(self.until_size, other.until_size),
                    earlier(self.until, other.until), earlier(self.revoked, other.revoked))

    def objects(self, size, time=None):
        """time None: none is known; 'always': what has no time is of all times."""
        return (self.revoked is not None or size < self.from_size
                or (self.until_size is not None and size > self.until_size)
                or (self.until is not None and time is not None and (time == 'always' or time > self.until)))


class Key:
    def __init__(self, text, kind=1):
        parts = text.split('+', 2)
        require(len(parts) == 3 and parts[0], 'no key: ' + text)
        self.text, self.name, self.id = text, parts[0], parts[1]
        octets = unbase64(parts[2])
        require(len(octets) == 33 and octets[0] == kind, 'no key of this kind: ' + text)
        self.octets, self.life = octets[1:], Life()
        require(sha(self.name.encode(), b'\n', octets)[:4].hex() == self.id, 'its id does not fit: ' + text)

    def same(self, other):
        return self.name == other.name and self.octets == other.octets

    def verifies(self, message, signature):
        try:
            Ed25519PublicKey.from_public_bytes(self.octets).verify(signature, message)
            return True
        except (InvalidSignature, ValueError):
            return False

    def living(self, life):
        other = Key(self.text)
        other.life = life
        return other


def life_of(members):
    life = Life()
    for member in members:
        name, _, value = member.partition('=')
        if name in ('from-size', 'until-size') and re.fullmatch('[0-9]{1,18}', value):
            setattr(life, name.replace('-', '_'), int(value))
        elif name in ('until', 'revoked') and instant(value):
            setattr(life, name, instant(value))
        elif member:
            raise Unreadable('unknown member of a key: ' + member)
    return life


def keys_in(path):
    keys = []
    for line in read_text(path).split('\n'):
        parts = line.strip().split(' ')
        if parts[0] and not parts[0].startswith('#'):
            try:
                keys.append(Key(parts[0]).living(life_of(parts[1:])))
            except Refused as e:
                raise Unreadable(f'{path} is damaged: {e}')
    return keys


class Policy:
    """C2SP tlog-policy: logs, witnesses, groups of these, a quorum."""

    def __init__(self, text):
        self.logs, self.witnesses, self.members, self.grouped, self.quorum = [], {}, {}, set(), None
        for line in text.split('\n'):
            parts = line.split()
            if not parts or parts[0].startswith('#'):
                continue
            if self.quorum is not None and parts[0] == 'quorum':
                raise Unreadable('a policy has one quorum')
            try:
                self.line(*parts)
            except (Refused, TypeError, ValueError, KeyError) as e:
                raise Unreadable(f'no line of a policy: {line}: {e}')
        if self.quorum is None:
            raise Unreadable('the policy names no quorum')

    def line(self, what, *rest):
        if what == 'log':
            key = Key(rest[0])
            require(all(key.octets != one.octets for one in self.logs), 'this key stands above already')
            self.logs.append(key)
        elif what == 'witness':
            name, key = rest[0], rest[1]
            key = Key(key, kind=4)
            require(name not in self.members and name != 'none', 'this name is taken')
            require(all(key.octets != one.octets for one in self.witnesses.values()), 'this key stands above already')
            self.witnesses[name] = key
            self.members[name] = None
        elif what == 'group':
            name, k, of = rest[0], rest[1], rest[2:]
            require(name not in self.members and name != 'none' and len(set(of)) == len(of) > 0, 'no group')
            for one in of:
                self.members[one]
                require(one not in self.grouped, one + ' is in a group already')
            self.grouped.update(of)
            k = {'any': 1, 'all': len(of)}.get(k) or int(k)
            require(1 <= k <= len(of), 'more than it has members')
            self.members[name] = (k, of)
        elif what == 'quorum':
            name, = rest
            require(name == 'none' or name in self.members, 'unknown ' + name)
            self.quorum = name
        else:
            raise Refused('unknown ' + what)

    def asks(self):
        return self.quorum != 'none'

    def satisfied(self, names, name=None):
        name = name or self.quorum
        if name == 'none' or name in names:
            return True
        group = self.members.get(name)
        return group is not None and sum(self.satisfied(names, one) for one in group[1]) >= group[0]


NO_POLICY = Policy('quorum none')


class Note:
    """C2SP signed-note."""

    def __init__(self, note):
        gap = note.rfind('\n\n')
        require(gap >= 0 and note.endswith('\n') and not re.search('[\x00-\x09\x0b-\x1f]', note), 'no signed note')
        self.text, self.lines = note[:gap + 1], []
        for line in note[gap + 2:-1].split('\n') if note[gap + 2:] else []:
            parts = line.split(' ')
            require(len(parts) == 3 and parts[0] == '\u2014' and len(self.lines) < 100, 'no signature line')
            blob = unbase64(parts[2])
            require(len(blob) >= 5, 'no signature')
            self.lines.append((parts[1], blob[:4].hex(), blob[4:]))
        require(self.lines, 'nobody has signed it')

    def signers(self, keys):
        """Unknown keys are passed over; one wrong signature of a known key spoils the note."""
        by = []
        for name, id, signature in self.lines:
            for key in keys:
                if key.name == name and key.id == id:
                    require(key.verifies(self.text.encode(), signature), 'the signature of key ' + id + ' is wrong')
                    by.append(key)
        return by

    def witnesses(self, policy):
        names = set()
        for name, id, signature in self.lines:
            for witness, key in policy.witnesses.items():
                if key.name == name and key.id == id:
                    time = int.from_bytes(signature[:8], 'big')
                    message = f'cosignature/v1\ntime {time}\n{self.text}'.encode()
                    require(len(signature) == 72 and time and key.verifies(message, signature[8:]),
                            'the signature of witness ' + witness + ' is wrong')
                    names.add(witness)
        return names


class Checkpoint:
    def __init__(self, text):
        self.note = Note(text)
        lines = self.note.text.split('\n')
        require(len(lines) >= 4 and lines[0] and re.fullmatch('0|[1-9][0-9]{0,18}', lines[1]), 'no checkpoint')
        self.origin, self.size, self.root = lines[0], int(lines[1]), unbase64(lines[2])
        require(len(self.root) == 32 and self.size < 2 ** 63, 'no checkpoint')


class Trust:
    """Keys and policy."""

    def __init__(self, keys, policy=NO_POLICY):
        self.policy = policy
        self.keys = keys + [key for key in policy.logs if not any(key.same(one) for one in keys)]

    def of(self, origin):
        return [key for key in self.keys if key.name == origin]

    def believed(self, checkpoint, time=None, keys=None):
        """Keys that have signed it and count for it; refused where there is none."""
        by = checkpoint.note.signers(self.of(checkpoint.origin) if keys is None else keys)
        require(by, 'none by a given key of ' + checkpoint.origin)
        believed = [key for key in by if not key.life.objects(checkpoint.size, time)]
        require(believed, 'by key ' + by[0].id + ' alone, which does not count for it (any more)')
        checkpoint.note.witnesses(self.policy)
        return believed

    def witnessed(self, checkpoint):
        require(self.policy.satisfied(checkpoint.note.witnesses(self.policy)),
                'the witnesses that signed it are not those that the policy asks for')


# ---------------------------------------------------------------- receipts (FORMAT.md 8)

FORMATS = {'consent-receipt/1', 'consent-receipt/2'}
MEMBERS = {'receipt', 'entry', 'salt', 'payload', 'text', 'heard', 'since', 'as_of', 'statement', 'proof', 'checkpoint', 'signed_by'}
CONSENTS = {'Given', 'Renewed', 'Imported', 'Reaffirmed'}
DECISIONS = {'Given', 'Renewed', 'Reaffirmed', 'Refused', 'Unanswered'}


def known(value, members, what):
    require(isinstance(value, dict) and set(value) <= members, what + ' holds what is not checked')


def check_place(part, trust, roots):
    """roots: of all checkpoints of the receipt, by log and size."""
    known(at(part, 'proof'), {'index', 'size', 'hashes'}, 'proof')
    entry, proof = at(part, 'entry'), part['proof']
    checkpoint = Checkpoint(words(part, 'checkpoint'))
    index = integer(at(entry, 'index'))
    require(words(entry, 'log') == checkpoint.origin and integer(proof.get('index')) == index
            and integer(at(entry, 'schema')) == 1
            and integer(proof.get('size')) == checkpoint.size and isinstance(proof.get('hashes'), list),
            'entry, proof and checkpoint do not belong together')
    hashes = [unbase64(one) if isinstance(one, str) else b'' for one in proof['hashes']]
    require(includes(index, checkpoint.size, leaf_of(canonical(entry)), hashes, checkpoint.root),
            'the entry is not under the root of the checkpoint')
    trust.believed(checkpoint, instant(at(entry, 'time')) or 'always')
    trust.witnessed(checkpoint)
    require(roots.setdefault((checkpoint.origin, checkpoint.size), checkpoint.root) == checkpoint.root,
            f'another root is signed in it for the first {checkpoint.size} entries of {checkpoint.origin}')
    return checkpoint


def check_part(part, trust, roots):
    entry, payload = at(part, 'entry'), part.get('payload', ...)
    require(isinstance(entry, dict) and payload is not ..., 'no entry, or no payload')
    if payload is not None:
        salt = unhex(part.get('salt'))
        require(len(salt) == 32 and sha(salt, canonical(payload)) == unhex(words(entry, 'commitment')),
                'the payload is not what the entry commits to')
    if 'text' in part:
        require(isinstance(part['text'], str)
                and sha(part['text'].encode('utf-8', 'replace')).hex() == at(payload, 'notice', 'text_sha256'),
                'the text has not the hash that the record names')
    return check_place(part, trust, roots)


def listed(receipt, name):
    require(isinstance(receipt[name], list) and receipt[name], name + ' is no list')
    return receipt[name]


def check_heard(receipt, trust, roots):
    call, kind = words(receipt, 'payload', 'call', 'gateway_call_id'), words(receipt, 'entry', 'type')
    for one in listed(receipt, 'heard'):
        known(one, {'entry', 'salt', 'payload', 'text', 'proof', 'checkpoint'}, 'heard')
        started = instant(at(one, 'payload', 'served', 'started_at'))
        decided = instant(at(receipt, 'entry', 'time'))
        require(kind in DECISIONS and call and words(one, 'entry', 'type') == 'Served' and started
                and words(one, 'payload', 'call', 'gateway_call_id') == call and (not decided or started < decided),
                'heard: it is of another call, or later')
        check_part(one, trust, roots)


def check_since(receipt, trust, roots):
    about = {words(receipt, 'entry', 'entry_id')}
    require(words(receipt, 'entry', 'type') in CONSENTS, 'since: of what is no consent')
    for later in listed(receipt, 'since'):
        known(later, {'entry', 'salt', 'payload', 'proof', 'checkpoint'}, 'since')
        require(words(later, 'payload', 'refers_to') in about, 'since: it is not about this consent')
        check_part(later, trust, roots)
        if words(later, 'entry', 'type') == 'Reaffirmed':
            about.add(words(later, 'entry', 'entry_id'))


def check_as_of(receipt, trust, roots):
    sizes = {}
    for one in listed(receipt, 'as_of'):
        known(one, {'entry', 'proof', 'checkpoint'}, 'as_of')
        checkpoint = check_place(one, trust, roots)
        require(integer(one['proof'].get('index')) == checkpoint.size - 1, 'as_of: not the last entry of its tree')
        sizes[checkpoint.origin] = checkpoint.size
    for one in [receipt] + (receipt.get('since') or []):
        require(integer(at(one, 'entry', 'index')) < sizes.get(words(one, 'entry', 'log'), 0),
                'as_of: an entry is behind where the logs stood')


def check_statement(receipt, trust, _roots):
    origin = words(receipt, 'entry', 'log')
    last = next((one for one in receipt.get('as_of') or [] if words(one, 'entry', 'log') == origin), None)
    size = integer(at(last, 'proof', 'size')) if last else 0
    bare = {name: value for name, value in receipt.items() if name not in ('statement', 'signed_by')}
    note = Note(words(receipt, 'statement'))
    require(note.text == '\n'.join(['consent-gateway/receipt/1', origin, 'entry ' + words(receipt, 'entry', 'entry_id'),
                                    'size %d' % size, 'sha256 ' + sha(canonical(bare)).hex(), '']),
            'statement: it is of another receipt, or something was left out of this one')
    by = note.signers(trust.of(origin))
    time = instant(at(last, 'entry', 'time')) or 'always'
    require(any(not key.life.objects(size, time) for key in by), 'statement: no key that counts has signed it')


def check_receipt(receipt, trust):
    """The roots that are signed in it, by log and size."""
    roots = {}
    require(isinstance(receipt, dict) and receipt.get('receipt') in FORMATS, 'no receipt')
    known(receipt, MEMBERS, 'it')
    checkpoint = check_part(receipt, trust, roots)
    if 'signed_by' in receipt:
        require(isinstance(receipt['signed_by'], list), 'signed_by is no list')
        for text in receipt['signed_by']:
            require(isinstance(text, str) and checkpoint.note.signers([Key(text)]), 'signed_by names who has not signed')
    for name, check in (('heard', check_heard), ('since', check_since), ('as_of', check_as_of), ('statement', check_statement)):
        if name in receipt:
            check(receipt, trust, roots)
    return roots


def tells(receipt):
    """What a receipt that holds says, shortly; the jar says it in German and English."""
    entry, payload = receipt['entry'], receipt['payload']
    yield f"{entry['type']} at {entry['time']}, entry {entry['index']} of {entry['log']}, id {entry['entry_id']}"
    if payload is None:
        yield 'its content was erased: only that it existed is proved'
        return
    purposes = at(payload, 'decision', 'purposes')
    if isinstance(purposes, list):
        yield 'to: ' + ', '.join(map(str, purposes)) + '; towards ' + words(payload, 'controller', 'name')
        if entry['type'] != 'Reaffirmed':
            yield 'until: ' + (words(payload, 'validity', 'until') or 'the end of the call')
    for later in receipt.get('since') or []:
        yield f"since: {later['entry']['type']} at {later['entry']['time']}"
    for one in receipt.get('as_of') or []:
        yield f"as of: {one['proof']['size']} entries of {one['entry']['log']}, the last of {one['entry']['time']}"
    if entry['type'] == 'Reaffirmed':
        yield ('it depends on the consent in the entry ' + words(payload, 'refers_to')
               + ': whether and until when that holds, and whether it was withdrawn, is not in this receipt')
    elif entry['type'] in CONSENTS:
        yield ('the key of the log has signed that this is all that stood there about it; of the talks with one assistant the first and the last' if 'statement' in receipt
               else 'nobody has signed that this is all: a withdrawal may be missing')


PAGE = '<!DOCTYPE html>\n<html lang="'
PAGE_PROOF, PAGE_END = '<pre id="receipt">', '</pre>\n</body>\n</html>\n'


def receipt_in(text, path):
    """(receipt, whether something stands around it that is not checked here); None where there is none."""
    if text.startswith(PAGE):
        begin = text.rfind(PAGE_PROOF)
        if begin < 0 or not text.endswith(PAGE_END):
            return None, True
        found = text[begin + len(PAGE_PROOF):-len(PAGE_END)]
        for mark, character in (('&quot;', '"'), ('&gt;', '>'), ('&lt;', '<'), ('&amp;', '&')):
            found = found.replace(mark, character)
        return parse_json(found, path), True
    file = parse_json(text, path)
    places = [file]
    attachments = at(file, 'attachments')
    for attachment in attachments if isinstance(attachments, list) else []:
        body = at(attachment, 'body')
        places += [body, at(body, 'receipt')]
        proofs = at(body, 'proof_mechanisms')
        places += [at(one, 'proof_data', 'receipt') for one in proofs] if isinstance(proofs, list) else []
    places.append(at(file, 'cg:receipt'))
    for place in places:
        if isinstance(place, dict) and words(place, 'receipt') in FORMATS:
            return place, place is not file
    return None, False


# ---------------------------------------------------------------- proofs as text (FORMAT.md 10)

def check_tlog_proof(text, trust, _kept):
    head, gap, note = text.partition('\n\n')
    lines = head.split('\n')
    require(gap and len(lines) >= 3 and lines[1].startswith('extra ') and re.fullmatch('index (0|[1-9][0-9]*)', lines[2]),
            'the proof is damaged')
    octets, index = unbase64(lines[1][6:]), int(lines[2][6:])
    entry = strict_entry(octets)
    checkpoint = Checkpoint(note)
    require(words(entry, 'log') == checkpoint.origin and integer(at(entry, 'index')) == index, 'it is of another entry')
    require(includes(index, checkpoint.size, leaf_of(octets), [unbase64(one) for one in lines[3:]], checkpoint.root),
            'the entry is not under the root of the checkpoint')
    trust.believed(checkpoint, instant(at(entry, 'time')) or 'always')
    trust.witnessed(checkpoint)
    return [f'entry {index} of {checkpoint.origin} is {octets.decode()}']


def strict_entry(octets):
    try:
        entry = parse_json(octets, 'the entry')
        return entry if canonical(entry) == octets else None
    except (Unreadable, Refused):
        return None


def check_growth(text, trust, kept):
    head, gap, note = text.partition('\n\n')
    lines = head.split('\n')
    require(gap and re.fullmatch('old (0|[1-9][0-9]*)', lines[0]), 'the proof is damaged')
    now, old = Checkpoint(note), int(lines[0][4:])
    hashes = [unbase64(one) for one in lines[1:]]
    trust.believed(now)
    trust.witnessed(now)
    shown = []
    for place, one in kept.items():
        try:
            before = Checkpoint(one)
        except Refused:
            continue
        if before.origin == now.origin and before.size == old:
            trust.believed(before)
            require(continues(old, now.size, before.root, now.root, hashes), place + ' is not what it began with')
            shown.append(f'{now.origin} has only grown, from {old} entries ({place}) to {now.size}')
    require(shown, f'no checkpoint over {old} entries is here to begin with: give the one you have kept by --checkpoint')
    return shown


# ---------------------------------------------------------------- what is found in many things

class Findings:
    def __init__(self):
        self.wrong, self.unchecked, self.notes = [], [], []

    def trying(self, place, check):
        try:
            return check()
        except Refused as e:
            self.wrong.append(f'{place}: {e}')
            return None


def kept_in(places):
    kept = {}
    for place in places:
        if os.path.isdir(place):
            kept.update((path, read_text(path)) for path in files_in(place, '.checkpoint'))
        else:
            kept[place] = read_text(place)
    return kept


def files_in(place, ending):
    found = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names if name.endswith(ending)]
    return sorted(found)


def read_octets(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError as e:
        raise Unreadable(f'cannot read {path}: {e.strerror}')


def read_text(path):
    try:
        return read_octets(path).decode('utf-8')
    except UnicodeDecodeError:
        raise Unreadable(f'{path} is no text')


# ---------------------------------------------------------------- a log as static files (FORMAT.md 11)

def tile_path(level, index, width):
    number, index = '%03d' % (index % 1000), index // 1000
    while index:
        number, index = 'x%03d/' % (index % 1000) + number, index // 1000
    return f'tile/{level}/{number}' + ('' if width == 256 else f'.p/{width}')


def bundle(path, width):
    try:
        octets = read_octets(path)
    except Unreadable:
        return []
    entries, i = [], 0
    while i + 2 <= len(octets) and len(entries) < width:
        length, = struct.unpack_from('>H', octets, i)
        if i + 2 + length > len(octets):
            return entries
        entries.append(octets[i + 2:i + 2 + length])
        i += 2 + length
    return entries if i == len(octets) else []


def check_tiles(folder, trust, kept):
    found = Findings()
    try:
        signed = Checkpoint(read_text(os.path.join(folder, 'checkpoint')))
    except Refused as e:
        raise Unreadable(f'{folder}/checkpoint is no signed checkpoint: {e}')
    found.trying('its checkpoint', lambda: (trust.believed(signed), trust.witnessed(signed)))
    old = {}
    for place, text in kept.items():
        one = found.trying(place, lambda: Checkpoint(text))
        if one and one.origin == signed.origin:
            found.trying(place, lambda: trust.believed(one))
            old.setdefault(one.size, []).append((place, one))

    def compare(tree):
        for place, one in old.pop(tree.size, []):
            if one.root != tree.root():
                found.wrong.append(f'{place} has another root: one of the first {tree.size} entries was changed')

    tree, prev, last, levels = Tree(), bytes(32), None, {}

    def filled(level, hash):
        hashes = levels.setdefault(level, [])
        hashes.append(hash)
        if len(hashes) % 256 == 0:
            tile(level, hashes[-256:], len(hashes) // 256 - 1)

    def tile(level, hashes, index):
        path = os.path.join(folder, tile_path(level, index, len(hashes)))
        if not os.path.isfile(path) or read_octets(path) != b''.join(hashes):
            found.wrong.append(f'{path} is missing, or is not that of its entries')

    compare(tree)
    for start in range(0, signed.size, 256):
        width = min(256, signed.size - start)
        path = os.path.join(folder, tile_path('entries', start // 256, width))
        entries = bundle(path, width)
        for octets in entries:
            entry = strict_entry(octets)
            if not (words(entry, 'log') == signed.origin and integer(at(entry, 'index')) == tree.size
                    and words(entry, 'prev') == prev.hex()):
                found.wrong.append(f'entry {tree.size} is not the one of this place, or the one before it was changed')
            time = instant(at(entry, 'time'))
            if time is None or (last and time < last):
                found.wrong.append(f'entry {tree.size}: time goes back, or is none')
            else:
                last = time
            prev = leaf_of(octets)
            filled(0, prev)
            inner = []
            tree.append(prev, lambda level, _, hash: inner.append((level // 8, hash)))
            for level, hash in inner:
                filled(level, hash)
            compare(tree)
        if len(entries) != width:
            found.wrong.append(f'{path} does not hold {width} entries')
            break
    if tree.size == signed.size:
        for level, hashes in levels.items():
            if len(hashes) % 256:
                tile(level, hashes[-(len(hashes) % 256):], len(hashes) // 256)
        if tree.root() != signed.root:
            found.wrong.append('its entries do not have the root that is signed')
    for size, all in old.items():
        if size > signed.size:
            found.wrong += [f'{place} covers {size} entries, here are {signed.size}: the others were cut off' for place, _ in all]
    found.notes.append(f'{signed.origin}: {tree.size} entries')
    return found


# ---------------------------------------------------------------- exported checkpoints and receipts (FORMAT.md 9)

def check_exports(folder, trust):
    found, claims, many, quorate = Findings(), {}, 0, {}

    def checkpoint(place, text):
        one = Checkpoint(text)
        trust.believed(one)
        enough = trust.policy.satisfied(one.note.witnesses(trust.policy))
        quorate[one.origin] = enough or quorate.get(one.origin, False)
        agree(place, one.origin, one.size, one.root)

    def agree(place, origin, size, root):
        first, claimed = claims.setdefault((origin, size), (place, root))
        require(claimed == root, f'{first} names another root for the first {size} entries of {origin}')

    def printed(place, receipt):
        roots = check_receipt(receipt, trust)
        checkpoint(place, receipt['checkpoint'])
        for (origin, size), root in roots.items():
            agree(place, origin, size, root)

    for path in files_in(folder, '.checkpoint'):
        many += 1
        found.trying(path, lambda: checkpoint(path, read_text(path)))
    for path in files_in(folder, '.json') + files_in(folder, '.html'):
        text = read_text(path)
        if path.endswith('.html') and not text.startswith(PAGE):
            continue
        receipt, wrapped = receipt_in(text, path)
        if receipt is None:
            continue
        many += 1
        found.trying(path, lambda: printed(path, receipt))
        if wrapped:
            found.unchecked.append(f'what stands around the receipt in {path}: only the jar compares that')
    found.wrong += [f'{origin}: no checkpoint has the witnesses that the policy asks for' for origin, enough in quorate.items() if not enough]
    if not many:
        raise Unreadable(f'{folder} holds neither a checkpoint (*.checkpoint) nor a receipt (*.json)')
    return found


# ---------------------------------------------------------------- a database (FORMAT.md 12)

def statement_lines(text, names, least):
    """The values behind these names, in their order; the last ones may be left out."""
    lines = text.split('\n')
    require(lines[-1] == '' and len(lines) > least, 'no statement')
    values, lines = {}, lines[:-1]
    for name in names:
        if lines and lines[0].startswith(name):
            values[name.strip()] = lines.pop(0)[len(name):]
        elif len(values) < least:
            raise Refused('no statement')
    require(not lines, 'a statement that says more')
    return values


def key_statement(text):
    require(text.startswith('consent-gateway/key/1\n'), 'no statement of keys')
    origin, _, rest = text.split('\n', 1)[1].partition('\n')
    said = statement_lines(rest, ['size ', 'time ', 'key ', 'replaces ', 'revokes '], 3)
    require(re.fullmatch('0|[1-9][0-9]{0,17}', said['size']) and instant(said['time']), 'no statement of keys')
    keys = {name: Key(said[name]) for name in ('key', 'replaces', 'revokes') if name in said}
    return origin, int(said['size']), instant(said['time']), keys.get('key'), keys.get('replaces'), keys.get('revokes')


TYPES = set("""Served Given Refused Unanswered Reaffirmed Renewed Imported Used AssistantOpened AssistantCut CallLost PurposeDecided
    HolderNotified HolderTold HolderToTell Withdrawn Expired Erased RequestOpened RequestApproved RequestRefused RequestExtended CallBackDue
    CallBackPlaced RequestConfirmed RequestUnconfirmed TaskOpened TaskClosed SubjectReferenced ReportDue ReportSent KeyIssued KeyRevoked Accessed AccessRefused SigningKeyRotated
    SigningKeyRevoked LogResumed LogArchived WitnessConflictResolved""".split())


# SQLite keeps octets in a column of texts as octets: they read the same, and no condition of a statement finds them.
COLUMNS = """
ledger_log: id integer, node text, origin text, size integer, last_leaf blob, last_ms integer, retired_keys text or null
ledger_entry: log integer, idx integer, entry_id text, time_ms integer, type text, commitment blob, leaf blob
ledger_payload: log integer, idx integer, key_id text, sealed blob
ledger_lookup: log integer, idx integer, type text, time_ms integer, subject text or null, notice text or null, line text or null, call_id text or null, sip_hash text or null, refers text or null, until_ms integer or null, delete_ms integer or null, endings text or null
ledger_erased: log integer, idx integer, key_id text, sealed blob
ledger_tile: log integer, level integer, idx integer, hash blob
ledger_checkpoint: log integer, size integer, time_ms integer, note text
ledger_leaves: log integer, idx integer, leaves blob, gone blob, gone_ms integer
ledger_key: log integer, idx integer, salt blob, payload text
ledger_successor: log integer, idx integer, salt blob, payload text
ledger_archived: log integer, idx integer, salt blob, payload text
ledger_notice: lineage text, version text, language text, variant text, text_sha256 text, audio_sha256 text, terms text, since_ms integer
ledger_notice_sound: text_sha256 text, audio_sha256 text, part text, sha256 text
ledger_content: sha256 text, octets blob
"""


KEYS = {'id', 'log', 'level', 'idx', 'size', 'text_sha256', 'part', 'sha256', 'lineage'}


def columns_of(line):
    """(table, [(column, types that it may hold)])"""
    table, columns = line.split(': ')
    split = (column.split(' ') for column in columns.split(', '))
    return table, [(name, (type, 'null') if rest else (type,)) for name, type, *rest in split]


class Database:
    def __init__(self, path, trust, kept, archive=None):
        self.trust, self.kept, self.files, self.found = trust, kept, archive, Findings()
        self.archived, self.read = {}, (None, [])
        try:
            self.connection = sqlite3.connect('file:' + path.replace('%', '%25').replace('?', '%3f').replace('#', '%23') + '?mode=ro', uri=True,
                                              isolation_level=None)
            self.connection.text_factory = lambda octets: octets.decode('utf-8', 'replace')
            self.connection.execute('BEGIN')  # a gateway may go on writing: all that is read is of one moment, that of the first question
            self.tables = {name for name, in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if 'ledger_schema' in self.tables:
                (there,), = self.rows('SELECT MAX(CAST(version AS INTEGER)) FROM ledger_schema WHERE success')
                if there is not None and there > TABLES_KNOWN:
                    raise Unreadable(f'the tables are of version {there}; this program knows {TABLES_KNOWN}')
            for line in COLUMNS.split('\n')[1:-1]:
                self.types(*columns_of(line))
            self.logs = self.rows('SELECT id, origin, size, last_leaf FROM ledger_log ORDER BY id')
            self.nodes = dict(self.rows('SELECT id, node FROM ledger_log'))
        except sqlite3.Error as e:
            raise Unreadable(f'cannot read {path}: {e}')

    def rows(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()

    def wrong(self, origin, index, what):
        self.found.wrong.append(origin + ('' if index is None else f' entry {index}') + ': ' + what)

    def types(self, table, columns):
        """A row with a cell of another type is told, and left out of all that follows."""
        there = {name for name, in self.rows('SELECT name FROM pragma_table_info(?)', table)} if table in self.tables else {}
        columns = [(name, types) for name, types in columns if name in there]
        if not columns:
            return
        wrong = [f'typeof({name}) NOT IN ({", ".join(map(repr, types))})' for name, types in columns]
        told = ' '.join(f"WHEN {one} THEN '{name} holds ' || typeof({name}) || ', not {types[0]}'" for one, (name, types) in zip(wrong, columns))
        names = [name for name, _ in columns if name in KEYS]
        keys = " || ', ' || ".join(f"'{name} ' || substr(quote({name}), 1, 70)" for name in names)
        found = self.rows(f'SELECT {keys}, CASE {told} END FROM main.{table} WHERE {" OR ".join(wrong)} LIMIT 100')
        self.found.wrong += [f'{table} ({key}): {what}' for key, what in found]
        if found:
            self.connection.execute(f'CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE NOT ({" OR ".join(wrong)})')

    def verify(self):
        try:
            return self.verified()
        finally:
            self.connection.close()  # a transaction that stays open holds others up

    def verified(self):
        try:
            self.archive()
            keys = {origin: self.keys_of(id, origin) for id, origin, _, _ in self.logs}
            self.endings = {}
            for id, origin, _, _ in self.logs:
                self.successor(id, origin, keys[origin])
                self.archival(id, origin, keys[origin])
            for id, origin, size, last in self.logs:
                self.log(id, origin, size, last, keys[origin])
        except sqlite3.Error as e:
            raise Unreadable(f'cannot read the database: {e}')
        for table in self.of_entries():
            for id, in self.rows(f'SELECT DISTINCT log FROM {table} WHERE log NOT IN (SELECT id FROM ledger_log)'):
                self.found.wrong.append(f'{table} has rows of a log {id}, which is none')
        origins = {origin for _, origin, _, _ in self.logs}
        for place, text in self.kept.items():
            try:
                one = Checkpoint(text)
            except Refused:
                continue
            if one.origin not in origins and not self.lost(one.origin, one.size):
                self.wrong(one.origin, None, f'the store has no such log, but {place} covers {one.size} entries of it')
        self.found.notes.append('payloads were not opened: order, times, types and completeness are checked')
        return self.found

    def of_entries(self):
        return sorted(self.tables & {'ledger_entry', 'ledger_payload', 'ledger_lookup', 'ledger_erased'})

    # what callers were told

    def archive(self):
        if 'ledger_notice' not in self.tables:
            return
        for version, text, audio in self.rows('SELECT version, text_sha256, audio_sha256 FROM ledger_notice'):
            words = self.content(text)
            if words is None or notice_text(words) != words:
                self.found.wrong.append(f'archive of notices: the text of {version} is missing or was changed')
                continue
            sounds = self.rows('SELECT part, sha256 FROM ledger_notice_sound WHERE text_sha256 = ? AND audio_sha256 = ?', text, audio)
            parts = sorted(sounds, key=lambda sound: sound[0].encode('utf-16-be'))
            if sha(*(self.content(hash) or b'' for _, hash in parts)).hex() != audio:
                self.found.wrong.append(f'archive of notices: the sound of {version} is missing or was changed')

    def content(self, hash):
        for octets, in self.rows('SELECT octets FROM ledger_content WHERE sha256 = ?', hash):
            if sha(octets).hex() == hash:
                return octets
        return None

    # what logs say of themselves

    def open_statements(self, table, id):
        return self.rows(f'SELECT idx, salt, payload FROM {table} WHERE log = ? ORDER BY idx', id) if table in self.tables else []

    def is_entry(self, id, index, salt, payload, types):
        stored = self.rows('SELECT type, commitment FROM ledger_entry WHERE log = ? AND idx = ?', id, index)
        return any(type in types and commitment == sha(salt, payload.encode()) for type, commitment in stored)

    @staticmethod
    def note_in(payload):
        try:
            return Note(words(parse_json(payload, 'a statement'), 'statement'))
        except Unreadable:
            raise Refused('no statement')

    def keys_of(self, id, origin):
        types = ('SigningKeyRotated', 'SigningKeyRevoked')
        said = self.open_statements('ledger_key', id)
        for index, salt, payload in said:
            if index != -1 and not self.is_entry(id, index, salt, payload, types):
                self.wrong(origin, index, 'what it said of keys is not what stands here')
        (entries,), = self.rows('SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type IN (?, ?)', id, *types)
        if entries != sum(index != -1 for index, _, _ in said):
            self.wrong(origin, None, 'it has spoken of its keys more often, or less, than is kept')
        keys = self.trust.of(origin)
        if not keys:
            self.found.unchecked.append(f'whose log {origin} is: no key of it is here')
        may_begin = not keys
        for index, _, payload in said:
            try:
                note = self.note_in(payload)
                of, size, time, key, replaces, revokes = key_statement(note.text)
                require(of == origin and size == index + 1, 'of another place')
                require(note.signers([key]), 'unsigned')
            except Refused as e:
                self.wrong(origin, index, f'what it says of its keys is damaged: {e}')
                continue

            def signs(one):
                return one is not None and any(one.same(k) and not k.life.objects(size, time) for k in keys)

            if index == -1:
                vouched = may_begin or any(key.same(k) for k in keys)
            else:
                vouched = signs(key) or (signs(replaces) and self.signed(note, replaces))
            may_begin = False
            if vouched:
                if not any(key.same(k) for k in keys):
                    keys.append(key)
                if index != -1 and replaces is not None:
                    keys = [k.living(Life(size, k.life.until_size, k.life.until, k.life.revoked)) if k.same(key) else k for k in keys]
                if replaces is not None:
                    keys = [k.living(k.life.stricter(Life(0, size, time))) if k.same(replaces) else k for k in keys]
                if revokes is not None:
                    keys = [k.living(k.life.stricter(Life(revoked=time))) if k.same(revokes) else k for k in keys]
        return keys

    @staticmethod
    def signed(note, key):
        try:
            return bool(note.signers([key]))
        except Refused:
            return False

    def successor(self, id, origin, keys):
        said = self.open_statements('ledger_successor', id)
        (entries,), = self.rows("SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type = 'LogResumed'", id)
        if entries != len(said):
            self.wrong(origin, None, 'it says more often, or less, what it continues than is kept')
        for index, salt, payload in said:
            try:
                note = self.note_in(payload)
                require(note.signers(keys) and self.is_entry(id, index, salt, payload, ('LogResumed',)), 'unsigned, or no entry')
                require(note.text.startswith(f'consent-gateway/successor/1\n{origin}\n'), 'of another log')
                told = statement_lines(note.text.split('\n', 2)[2], ['continues ', 'restored ', 'known ', 'time '], 4)
                end, root = self.head(told['restored'])
                known = None if told['known'] == 'none' else self.head(told['known'])[0]
                require(instant(told['time']), 'no time')
                self.endings[told['continues']] = (end, root, known)
            except Refused as e:
                self.wrong(origin, index, f'what it said of the log before it is not what stands here: {e}')

    def archival(self, id, origin, keys):
        """Up to where rows may be missing, and which root that part has."""
        said = self.open_statements('ledger_archived', id)
        (entries,), = self.rows("SELECT COUNT(*) FROM ledger_entry WHERE log = ? AND type = 'LogArchived'", id)
        if entries != len(said):
            self.wrong(origin, None, 'it says more often, or less, what is archived than is kept')
        for index, salt, payload in said:
            try:
                note = self.note_in(payload)
                require(note.signers(keys) and self.is_entry(id, index, salt, payload, ('LogArchived',)), 'unsigned, or no entry')
                require(note.text.startswith(f'consent-gateway/archival/1\n{origin}\n'), 'of another log')
                told = statement_lines(note.text.split('\n', 2)[2], ['archives ', 'size ', 'time '], 3)
                require(instant(told['time']), 'no time')
                self.archived.setdefault(told['archives'], []).append((origin, *self.head(told['size'])))
            except Refused as e:
                self.wrong(origin, index, f'what it said of the archive is not what stands here: {e}')

    def without_row(self, id, origin, start, end):
        """index: (header or None, leaf), of what was taken to the archive between two rows."""
        end = min(end, max((size for _, size, _ in self.archived.get(origin, [])), default=0))
        found = {}
        if start >= end or 'ledger_leaves' not in self.tables:
            return found
        kept = self.rows('SELECT idx, leaves FROM ledger_leaves WHERE log = ? AND idx BETWEEN ? AND ?', id, start // 256, (end - 1) // 256)
        for number, leaves in kept:
            first = max(start, number * 256)
            if number * 256 + len(leaves) // 32 <= start:
                continue
            entries = self.bundle_of(id, origin, number, first)
            for i in range(min(256, len(leaves) // 32)):
                index, leaf, header = number * 256 + i, leaves[i * 32:i * 32 + 32], None
                if not start <= index < end:
                    continue
                if entries:
                    header = strict_entry(entries[i]) if leaf_of(entries[i]) == leaf else None
                    if header is None:
                        path = os.path.join(self.files, self.nodes[id], tile_path('entries', number, 256))
                        self.wrong(origin, index, f'was taken to the archive, and {path} has another one in its place')
                for table in ('ledger_payload', 'ledger_lookup'):
                    if self.rows(f'SELECT 1 FROM {table} WHERE log = ? AND idx = ?', id, index):
                        self.wrong(origin, index, f'is missing, though it stands in {table}: only what was erased goes to the archive')
                found[index] = header, leaf
        return found

    def bundle_of(self, id, origin, number, first):
        """Entries of the archive, and nothing where they are not there: told once."""
        if self.read[0] == (id, number):
            return self.read[1]
        entries = []
        if not self.files:
            text = f'entries of {origin} that were taken to an archive: it is not here (--archive DIR)'
            if text not in self.found.unchecked:
                self.found.unchecked.append(text)
        else:
            folder = os.path.join(self.files, self.nodes[id])
            path = os.path.join(folder, tile_path('entries', number, 256))
            entries = bundle(path, 256)
            if len(entries) != 256:
                entries = []
                self.wrong(origin, first, f'and others were taken to the archive and are lost there: {path} is missing or cut')
            else:
                tile = os.path.join(folder, tile_path(0, number, 256))
                if not os.path.isfile(tile) or read_octets(tile) != b''.join(map(leaf_of, entries)):
                    self.wrong(origin, first, f'was taken to the archive, and {tile} is missing, or is not that of its entries')
        self.read = (id, number), entries
        return entries

    @staticmethod
    def head(text):
        size, _, root = text.partition(' ')
        require(re.fullmatch('0|[1-9][0-9]{0,17}', size) and len(unbase64(root)) == 32, 'no head')
        return int(size), unbase64(root)

    def lost(self, origin, size):
        end = self.endings.get(origin)
        return end is not None and end[2] is not None and end[0] < size <= end[2]

    # one log

    def roots(self, id, origin, size, keys):
        """size of tree: what is signed for it; and what is left to be borne out."""
        signed, doubted, believed, quorate, times = {}, [], 0, 0, []

        def add(place, text, time, stored):
            nonlocal believed, quorate
            try:
                one = Checkpoint(text)
            except Refused:
                self.wrong(origin, None, place + ' is damaged: no signed note')
                return
            if stored is None and one.origin != origin:
                return
            if one.origin != origin or stored not in (None, one.size):
                self.wrong(origin, None, place + ' is not the one stored here')
                return
            try:
                by = one.note.signers(keys)
                enough = self.trust.policy.satisfied(one.note.witnesses(self.trust.policy))
                if by:
                    if any(not key.life.objects(one.size) for key in by):
                        believed = max(believed, one.size)
                        quorate = max(quorate, one.size) if enough else quorate
                    else:
                        doubted.append((one.size, place, by[0].life.revoked is not None))
                elif keys:
                    self.wrong(origin, None, place + ' is signed by no known key')
            except Refused as e:
                self.wrong(origin, None, f'{place}: {e}')
            if time is not None:
                times.append((time, one.size, place))
            signed.setdefault(one.size, []).append((place, one.root, time))

        for at_size, time, note in self.rows('SELECT size, time_ms, note FROM ledger_checkpoint WHERE log = ? ORDER BY size', id):
            add(f'checkpoint {at_size}', note, time, at_size)
        for place, text in self.kept.items():
            add(place, text, None, None)
        if origin in self.endings:
            end, root, _ = self.endings[origin]
            signed.setdefault(end, []).append(('what the next log says of its end', root, None))
            if size > end:
                self.wrong(origin, None, f'was written on after it had ended at {end} entries')
        for by, of, root in self.archived.get(origin, []):
            signed.setdefault(of, []).append((f'what {by} says of its archive', root, None))
        if self.trust.policy.asks() and signed and origin not in self.endings:
            if not quorate:
                self.wrong(origin, None, 'no checkpoint has the witnesses that the policy asks for')
            newest = max((time for time, _, _ in times), default=0)
            for time, of, place in times:
                if of > quorate and newest - time > HOUR_MS:
                    self.wrong(origin, None, f'{place} is covered by no checkpoint with the witnesses that the policy asks for')
        return signed, doubted, lambda: believed

    def log(self, id, origin, size, last_leaf, keys):
        signed, doubted, believed = self.roots(id, origin, size, keys)
        tiles = {(level, index): hash for level, index, hash in self.rows('SELECT level, idx, hash FROM ledger_tile WHERE log = ?', id)}
        tree, prev, last, last_ms = Tree(), bytes(32), bytes(32), 0

        def compare():
            for place, root, time in signed.get(tree.size, []):
                if root != tree.root():
                    self.wrong(origin, None, f'{place} has another root: one of the first {tree.size} entries was changed')
                if time is not None and time < last_ms:
                    self.wrong(origin, None, f'{place} was signed before the time of the last entry it covers')

        def missing(up_to):
            nonlocal prev, last, last_ms
            kept = self.without_row(id, origin, tree.size, up_to) if tree.size < up_to else {}
            while tree.size < up_to:
                header, leaf = kept.get(tree.size, (None, None))
                if leaf is None:
                    self.wrong(origin, tree.size, 'is missing')
                elif header is not None:
                    time = instant(at(header, 'time'))
                    if not (words(header, 'log') == origin and integer(at(header, 'index')) == tree.size and words(header, 'prev') == prev.hex()):
                        self.wrong(origin, tree.size, 'is not the one of this place, or the entry before it was changed')
                    if words(header, 'type') not in TYPES:
                        self.wrong(origin, tree.size, 'is of a type that no gateway writes')
                    ms = -1 if time is None else time[0] * 1000 + time[1] // 10 ** 6
                    if ms < last_ms:
                        self.wrong(origin, tree.size, 'time goes back, or is none')
                    last_ms = max(last_ms, ms)
                prev = last = leaf or bytes(32)
                tree.append(prev, *([tile] if leaf else []))
                compare()

        def tile(level, index, hash):
            if tiles.get((level, index)) != hash:
                self.wrong(origin, None, f'tree hash {index} of level {level} is wrong')

        (rows,), = self.rows('SELECT COALESCE(MAX(idx), -1) + 1 FROM ledger_entry WHERE log = ? AND idx < ?', id, size)
        there = max([rows] + [of for _, of, _ in self.archived.get(origin, [])])
        end = size if size - there <= 8192 else there  # to count what is missing there would take for ever
        if end < size:
            self.wrong(origin, there, 'is missing, and all that come after it')
        compare()
        for index, entry_id, time, type, commitment, leaf, opened, found in self.connection.execute(
                'SELECT e.idx, e.entry_id, e.time_ms, e.type, e.commitment, e.leaf, p.idx, f.idx FROM ledger_entry e'
                ' LEFT JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx'
                ' LEFT JOIN ledger_lookup f ON f.log = e.log AND f.idx = e.idx'
                ' WHERE e.log = ? AND e.idx >= 0 AND e.idx < ? ORDER BY e.idx', (id, size)):
            missing(index)
            header = {'commitment': commitment.hex(), 'entry_id': entry_id, 'index': index, 'log': origin,
                      'prev': prev.hex(), 'schema': 1, 'time': millis(time), 'type': type}
            if leaf_of(canonical(header)) != leaf:
                self.wrong(origin, index, 'does not match its leaf hash: it, or the entry before it, was changed')
            if type not in TYPES:
                self.wrong(origin, index, 'is of a type that no gateway writes')
            if time < last_ms:
                self.wrong(origin, index, 'time goes back')
            last_ms, prev = max(last_ms, time), leaf
            last = leaf
            tree.append(leaf, tile)
            compare()
            if opened is None and found is not None:
                self.wrong(origin, index, 'its payload is gone, its lookup row not')
        missing(end)
        if last != last_leaf:
            self.wrong(origin, None, 'the head of the log does not name its last entry')
        for table in self.of_entries():
            for index, in self.rows(f'SELECT idx FROM {table} WHERE log = ? AND (idx < 0 OR idx >= ?) ORDER BY idx LIMIT 1', id, size):
                self.wrong(origin, index, f'stands in {table} outside of the log')
        for of, place, revoked in doubted:
            if not revoked or of > believed():
                self.wrong(origin, None, f'{place} is signed alone by a key that does not count for it (any more)')
        for of, all in signed.items():
            if of > size and not self.lost(origin, of):
                self.found.wrong += [f'{origin}: {place} covers {of} entries, here are {size}: the others were cut off' for place, _, _ in all]
        self.found.notes.append(f'{origin}: {size} entries')


def notice_text(octets):
    """The text of a notice as it is written: a line "part=words" each, in the order of the parts."""
    parts = dict(line.split('=', 1) for line in octets.decode('utf-8', 'replace').split('\n') if line.find('=') > 0)
    ordered = sorted(parts, key=lambda part: part.encode('utf-16-be'))
    return ''.join(f'{part}={parts[part]}\n' for part in ordered).encode()


def millis(time):
    try:
        moment = datetime.fromtimestamp(time // 1000, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return 'no time of a header'
    return moment.strftime('%Y-%m-%dT%H:%M:%S') + '.%03dZ' % (time % 1000)


# ---------------------------------------------------------------- the command

def check(what, trust, kept, archive=None):
    """(what is wrong, what could not be checked, what is told)"""
    if os.path.isdir(what):
        tiles = os.path.isfile(os.path.join(what, 'checkpoint'))
        found = check_tiles(what, trust, kept) if tiles else check_exports(what, trust)
        return found.wrong, found.unchecked, found.notes
    if read_octets(what)[:16] == b'SQLite format 3\0':
        found = Database(what, trust, kept, archive).verify()
        return found.wrong, found.unchecked, found.notes
    text = read_text(what)
    try:
        if text.startswith('c2sp.org/tlog-proof@v1\n'):
            return [], [], check_tlog_proof(text, trust, kept)
        if text.startswith('old '):
            return [], [], check_growth(text, trust, kept)
        receipt, wrapped = receipt_in(text, what)
        check_receipt(receipt, trust)
        unchecked = ['what stands around the receipt: only the jar compares that'] if wrapped else []
        return [], unchecked, list(tells(receipt))
    except Refused as e:
        return [str(e)], [], []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', metavar='WHAT', help='a SQLite database; a directory of exported checkpoints and receipts, or of a log'
                        ' as static files; a receipt; a proof')
    parser.add_argument('--key', metavar='FILE', help='public keys that you trust, one a line')
    parser.add_argument('--policy', metavar='FILE', help='a C2SP tlog-policy, beside or instead of --key')
    parser.add_argument('--checkpoint', metavar='PLACE', action='append', default=[], help='a checkpoint that you have kept, or a directory of them')
    parser.add_argument('--archive', metavar='DIR', help='of a database: the files of entries that were taken out of it')
    parser.add_argument('--json', action='store_true', help='the verdict as JSON')
    wish = parser.parse_args()
    if not wish.key and not wish.policy:
        parser.error('--key or --policy is needed')
    try:
        policy = Policy(read_text(wish.policy)) if wish.policy else NO_POLICY
        trust = Trust(keys_in(wish.key) if wish.key else [], policy)
        wrong, unchecked, told = check(wish.what, trust, kept_in(wish.checkpoint), wish.archive)
    except Unreadable as e:
        print(e, file=sys.stderr)
        return UNCHECKED
    if wish.json:
        print(json.dumps({'verified': not wrong and not unchecked, 'findings': wrong, 'unchecked': unchecked, 'notes': told}))
    else:
        for line in told + ['CANNOT CHECK: ' + one for one in unchecked] + ['WRONG: ' + one for one in wrong]:
            print(''.join(c if c.isprintable() else ' ' for c in line))
        print(f'NOT VERIFIED: {len(wrong)} findings' if wrong else 'as far as it could be checked, right' if unchecked else 'verified')
    return WRONG if wrong else UNCHECKED if unchecked else RIGHT


if __name__ == '__main__':
    sys.setrecursionlimit(10000)  # JSON may be nested
    sys.exit(main())
