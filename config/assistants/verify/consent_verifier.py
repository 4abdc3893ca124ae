"""Whether a consent may be relied on. Python 3 with cryptography (Debian: python3-cryptography). Use: verify(...)."""
import base64, json, sys, time, urllib.request, zlib
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils


def octets(text): return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
def get(uri): return urllib.request.urlopen(uri, timeout=5).read().decode()


def require(holds, otherwise):
    if not holds: raise ValueError(otherwise)


def signed(issuer, token, kind):
    head, body, signature = token.split('.')
    header, claims = json.loads(octets(head)), json.loads(octets(body))
    require(header.get('typ') == kind, 'another kind of token')
    keys = [k for k in json.loads(get(issuer + '/.well-known/jwks.json'))['keys'] if k['kid'] == header.get('kid')]
    require(keys and keys[0]['alg'] == header.get('alg'), 'an unknown key')  # the key's algorithm, never the token's word
    key, message, s = keys[0], (head + '.' + body).encode(), octets(signature)
    if key['kty'] == 'OKP':
        ed25519.Ed25519PublicKey.from_public_bytes(octets(key['x'])).verify(s, message)
    else:
        x, y, r, t = (int.from_bytes(n, 'big') for n in (octets(key['x']), octets(key['y']), s[:32], s[32:]))
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key().verify(utils.encode_dss_signature(r, t), message, ec.ECDSA(hashes.SHA256()))
    require(claims['exp'] + 60 > time.time(), 'expired')
    return claims


def verify(issuer, assistant, call, token):
    """The claims of a token that holds now, for this assistant, in this call (X-Gateway-Call-Id); raises otherwise."""
    claims = signed(issuer, token, 'consent+jwt')
    require(claims['iss'] == issuer and claims['aud'] == assistant, 'of another issuer or for another assistant')
    require(call and claims['call'] == call, 'for another call')
    place = claims['status']['status_list']
    require(place['uri'].startswith(issuer + '/'), 'a status list of somebody else')
    answer = signed(issuer, get(place['uri']), 'statuslist+jwt')
    require(answer['sub'] == place['uri'], 'another status list')
    bits, states = answer['status_list']['bits'], zlib.decompress(octets(answer['status_list']['lst']))
    at = place['idx'] * bits
    require(0 <= at < len(states) * 8 and states[at // 8] >> at % 8 & (1 << bits) - 1 == 0, 'the consent has ended')
    return claims


if __name__ == '__main__':  # ISSUER ASSISTANT CALL TOKEN
    try:
        print(json.dumps(verify(*sys.argv[1:5])))
    except Exception as refused:
        sys.exit('refused: %s' % (refused or type(refused).__name__))
