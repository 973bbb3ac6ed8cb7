#!/usr/bin/env python3
"""Verifies a QFS receipt as docs/spec/receipts.md defines it: standard library and `cryptography` (46 or newer).

    python3 verify_receipt.py receipt.json [--cluster ID] [--results results.json]

Exit code 0: the receipt proves what is printed. 2: it does not, and the failing step is named.
"""

import argparse
import base64
import binascii
import hashlib
import json
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

KEY_TYPES = {
    "ML-DSA-44": mldsa.MLDSA44PublicKey,
    "ML-DSA-65": mldsa.MLDSA65PublicKey,
    "ML-DSA-87": mldsa.MLDSA87PublicKey,
    "Ed25519": ed25519.Ed25519PublicKey,
}


class Refused(Exception):
    pass


def demand(condition, step, reason):
    if not condition:
        raise Refused(f"{step}: {reason}")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sha3(*parts):
    return hashlib.sha3_256(b"".join(parts)).digest()


def u64(value):
    return struct.pack(">Q", value)


def canonical(value):
    """RFC 8785 for the values that receipts hold: integers, texts, lists and objects."""
    ordered = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return ordered.encode() + b"\n"


def shape(value):
    """What a document is made of: names without values."""
    if isinstance(value, list):
        return ",".join(dict.fromkeys(map(shape, value)))
    if isinstance(value, dict):
        return "{" + ",".join(key + shape(value[key]) for key in sorted(value)) + "}"
    return ""


SHAPE = (
    "{checkpoint{signatures{key_id,signature},statement},cluster_id,entry{bytes,index,previous_link,term},"
    "envelope{payload,payloadType,signatures{algorithm,keyid,sig}},inclusion{hashes,tree_size},job_id,"
    "membership{changes,genesis,statement_keys{algorithm,binding,key_id,node_id,spki}},version}"
)


def unbase64(text, step):
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refused(f"{step}: {error}") from None
    demand(base64.b64encode(data).decode() == text, step, "base64 that is not canonical")
    return data


def decode_cbor(data):
    """RFC 8949, the kinds that the log uses (LOG-1): integers, byte and text strings, arrays, maps."""

    def item(at):
        major, info = data[at] >> 5, data[at] & 31
        at += 1
        demand(info < 28 and major < 6, "form", "CBOR that LOG-1 does not know")
        size = 0 if info < 24 else 1 << (info - 24)
        count = int.from_bytes(data[at : at + size], "big") if size else info
        at += size
        if major < 2:
            return (count if major == 0 else -1 - count), at
        if major < 4:
            demand(at + count <= len(data), "form", "CBOR that ends too early")
            raw = data[at : at + count]
            return (raw if major == 2 else raw.decode()), at + count
        values = []
        for _ in range(count if major == 4 else 2 * count):
            value, at = item(at)
            values.append(value)
        return (values if major == 4 else dict(zip(values[::2], values[1::2]))), at

    value, end = item(0)
    demand(end == len(data), "form", "bytes behind a CBOR value")
    return value


def encode_cbor(value):
    def head(major, count):
        if count < 24:
            return bytes([major << 5 | count])
        size = next(size for size in (1, 2, 4) if count < 1 << 8 * size)
        return bytes([major << 5 | {1: 24, 2: 25, 4: 26}[size]]) + count.to_bytes(size, "big")

    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode_cbor, value))
    pairs = sorted((encode_cbor(key), encode_cbor(item)) for key, item in value.items())
    return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


def verifies(key, message, signature):
    public = load_der_public_key(key["spki"])
    if not isinstance(public, KEY_TYPES.get(key["algorithm"], ())):
        return False
    try:
        public.verify(signature, message)
        return True
    except InvalidSignature:
        return False


def id_of(prefix, label, spki):
    """RFC 4648 base32 in lower case, first 26 characters (LOG-9)."""
    return prefix + base64.b32encode(sha3(label, spki)).decode().lower()[:26]


def check_membership(receipt, trusted):
    genesis = unbase64(receipt["membership"]["genesis"], "membership")
    cluster = sha3(genesis)
    demand(cluster.hex() == receipt["cluster_id"], "membership", "GENESIS is of another cluster")
    demand(trusted in (None, cluster.hex()), "membership", "another cluster is trusted")
    founding = decode_cbor(genesis)
    demand(founding["type"] == "GENESIS", "membership", "entry 1 is not GENESIS")
    members = founding["body"]["members"]
    for member in members:
        names = id_of("node_", b"qfs/node/v1", member["spki"]), id_of("key_", b"qfs/key/v1", member["spki"])
        demand(names == (member["node_id"], member["key_id"]), "membership", "an id is not that of its key")
    founder = next((one for one in members if one["key_id"] == founding["key_id"]), None)
    demand(founder is not None and "sig" in founding, "membership", "GENESIS is not signed by a member")
    # The signature covers the bytes without its own pair, which stands right behind `v` (LOG-4).
    pair_end = 4 + 4 + len(encode_cbor(founding["sig"]))
    message = b"qfs/entry-sig/v1" + bytes(32) + bytes([genesis[0] - 1]) + genesis[1:4] + genesis[pair_end:]
    demand(verifies(founder, message, founding["sig"]), "membership", "the signature of GENESIS")
    return cluster, members


def check_checkpoint(receipt, cluster, members):
    statement_bytes = unbase64(receipt["checkpoint"]["statement"], "checkpoint")
    statement = decode_cbor(statement_bytes)
    demand(statement["cluster_id"] == cluster, "checkpoint", "of another cluster")
    demand(statement["tree_size"] == receipt["inclusion"]["tree_size"], "checkpoint", "of another tree size")
    ascending = sorted(members, key=lambda member: member["node_id"])
    named = sha3(b"qfs/membership/v1", encode_cbor(ascending))
    demand(statement["membership_hash"] == named, "checkpoint", "of other members")
    signers = set()
    for signature in receipt["checkpoint"]["signatures"]:
        member = next((one for one in members if one["key_id"] == signature["key_id"]), None)
        demand(member is not None, "checkpoint", f"{signature['key_id']} is no member's")
        signed = unbase64(signature["signature"], "checkpoint")
        message = b"qfs/checkpoint/v1" + statement_bytes
        demand(verifies(member, message, signed), "checkpoint", f"the signature by {member['key_id']}")
        signers.add(member["key_id"])
    demand(2 * len(signers) > len(members), "checkpoint", "no quorum signed it")
    return statement


def check_inclusion(receipt, cluster, log_root):
    """REC-6, REC-7, LOG-6, LOG-24, LOG-25; RFC 9162, section 2.1.3.2."""
    entry, inclusion = receipt["entry"], receipt["inclusion"]
    entry_bytes = unbase64(entry["bytes"], "inclusion")
    finished = decode_cbor(entry_bytes)
    previous = bytes.fromhex(entry["previous_link"])
    link = sha3(b"qfs/entry/v1", cluster, u64(entry["index"]), u64(entry["term"]), previous, entry_bytes)
    kind = finished["type"].encode()
    found = sha256(b"\0", u64(entry["index"]), link, u64(finished["tick"]), bytes([1, len(kind)]), kind)
    position, last = entry["index"] - 1, inclusion["tree_size"] - 1
    for sibling in map(bytes.fromhex, inclusion["hashes"]):
        demand(last > 0, "inclusion", "the path is too long")
        if position & 1 or position == last:
            found = sha256(b"\1", sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = sha256(b"\1", found, sibling)
        position, last = position >> 1, last >> 1
    demand(last == 0 and found == log_root, "inclusion", "the path misses the log root")
    return finished


def check_statement(receipt, finished):
    payload = unbase64(receipt["envelope"]["payload"], "entry")
    body = finished["body"]
    demand(finished["type"] == "JOB_FINISHED", "entry", "not the end of a job")
    demand(body["job_id"] == receipt["job_id"], "entry", "of another job")
    outputs = {one["name"]: one["sha256"].hex() for one in body["manifest"]}
    demand(outputs.pop("statement.json", None) == sha256(payload).hex(), "entry", "names another statement")
    told = json.loads(payload)
    predicate = told["predicate"]
    demand(canonical(told) == payload, "statement", "not in canonical form")
    for name in ("job_id", "cluster_id"):
        demand(predicate[name] == receipt[name], "statement", f"another {name}")
    for name in ("state", "reason"):
        demand(predicate.get(name) == body.get(name), "statement", f"another {name}")
    listed = {one["name"]: one["digest"]["sha256"] for one in told["subject"]}
    demand(listed == outputs, "statement", "lists other outputs")
    return payload, predicate


def check_envelope(receipt, cluster, members, payload):
    envelope, keys = receipt["envelope"], list(members)
    demand(envelope["payloadType"] == "application/vnd.in-toto+json", "envelope", "no statement")
    for key in receipt["membership"]["statement_keys"]:
        owner = next((one for one in members if one["node_id"] == key["node_id"]), None)
        spki = unbase64(key["spki"], "envelope")
        demand(owner is not None and key["algorithm"] == "Ed25519", "envelope", "a key of no member")
        demand(key["key_id"] == id_of("key_", b"qfs/key/v1", spki), "envelope", "an id is not that of its key")
        message = b"qfs/statement-key/v1" + cluster + key["node_id"].encode() + spki
        bound = verifies(owner, message, unbase64(key["binding"], "envelope"))
        demand(bound, "envelope", f"{owner['key_id']} does not vouch for {key['key_id']}")
        keys.append({**key, "spki": spki})
    kind = envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    signed = set()
    for signature in envelope["signatures"]:
        key = next((one for one in keys if one["key_id"] == signature["keyid"]), None)
        demand(key is not None, "envelope", f"{signature['keyid']} is no member's")
        demand(key["algorithm"] == signature["algorithm"], "envelope", "of another algorithm")
        verified = verifies(key, message, unbase64(signature["sig"], "envelope"))
        demand(verified, "envelope", f"the signature by {key['key_id']}")
        signed.add((key["node_id"], key["algorithm"] == "Ed25519"))
    both = any({(one["node_id"], True), (one["node_id"], False)} <= signed for one in members)
    demand(both, "envelope", "no member signed with both keys")


def verify(path, trusted, results):
    with open(path, "rb") as file:
        text = file.read()
    receipt = json.loads(text)
    demand(canonical(receipt) == text, "form", "not in canonical form")
    demand(shape(receipt) == SHAPE, "form", "members are missing or too many")
    demand(receipt["membership"]["changes"] == [], "form", "changes of the membership are not known here")
    demand(receipt["version"] == "qfs-receipt/1", "form", f"version {receipt['version']}")
    cluster, members = check_membership(receipt, trusted)
    statement = check_checkpoint(receipt, cluster, members)
    finished = check_inclusion(receipt, cluster, statement["log_root"])
    payload, predicate = check_statement(receipt, finished)
    check_envelope(receipt, cluster, members, payload)
    if results is not None:
        with open(results, "rb") as file:
            found = "sha256:" + sha256(file.read()).hex()
        demand(found == predicate.get("results_digest"), "artifacts", f"{results} is {found}")
    return receipt, predicate


def main():
    parser = argparse.ArgumentParser(description="Verifies a QFS receipt.")
    parser.add_argument("receipt")
    parser.add_argument("--cluster", help="the cluster id to trust")
    parser.add_argument("--results", help="results.json at hand")
    options = parser.parse_args()
    try:
        receipt, predicate = verify(options.receipt, options.cluster, options.results)
    except Refused as reason:
        sys.exit(print(f"NOT VERIFIED at {reason}", file=sys.stderr) or 2)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error) as error:
        sys.exit(print(f"NOT VERIFIED at form: {error!r}", file=sys.stderr) or 2)
    print(f"VERIFIED {receipt['job_id']} {predicate['state']}")
    print(f"  cluster   {receipt['cluster_id']}")
    size = receipt["inclusion"]["tree_size"]
    print(f"  accepted  entry {predicate['accepted_index']}, finished entry {receipt['entry']['index']} of {size}")
    print(f"  results   {predicate.get('results_digest', '-')}")
    print(f"  seed      {predicate['seed']}, {predicate['shots']} shots on {predicate['target']}")


if __name__ == "__main__":
    main()
