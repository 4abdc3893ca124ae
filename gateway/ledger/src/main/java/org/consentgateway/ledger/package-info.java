/**
 * Append-only Merkle log over JDBC: writer, reader, verifier, receipts.
 *
 * <p>A payload is JSON laid out so; the paths marked * are what entries are looked up by:
 *
 * <pre>
 * schema        "consent-record/3"; of 1 no text is archived, before 3 nothing was imported
 * call          gateway_call_id*, sip_call_id_hash*, trunk, line*, answered_at
 * subject       pseudonym* (none where nobody agreed to anything), caller_id_present, clir
 * controller    name, contact
 * notice        id* (lineage), version, language, variant, text_sha256, audio_sha256, readability
 * served        started_at, samples_planned, samples_sent, completed, interrupted_by
 * decision      level, purposes [], state, method, key, words, confidence, model_sha256,
 *               attempts, latency_ms, reason
 * validity      from, until*, renewal_due
 * origin        source, form, reference, identified, same_words, text_sha256, by (of an Imported
 *               entry, whose notice has no text_sha256 where the words were others)
 * processing    [] purpose, data [], kept, recipients [] name, address, role, country
 * control       keys, phrase (whether it was listened for), privacy_lines []: how to withdraw
 * authority     supervisory authority
 * storage       location
 * withdrawal    at, method, scope, media_cut_at
 * refers_to*    entry id this one is about: what is used, withdrawn, expired, renewed, superseded
 * retention     basis, duration, delete_at* (at the earliest: never before what it refers to, a
 *               notice never before the consent given in its call), last_used_at
 * issuer        node, key_id (put in by the ledger)
 * time          source
 * request       kind, channel, reference, asked_at, due, operator (of requests and their answers)
 * answer        by, ground; beside it kept [law, restricted [entry id]]
 * reason        of an Erased entry; beside it channel, operator, case
 * key           id, name, sha256, scopes [], expires (of a KeyIssued entry); by: who issued or revoked it
 * access        by, action, consents [], found (of an Accessed entry); reason, more (of AccessRefused)
 * reference     text (what other systems call a caller), pseudonyms []; refers_to is then its keyed hash, as a UUID
 * lost          node, last_seen (of a CallLost entry, which another node has written)
 * erased        how many payloads were destroyed (put in by the ledger, in Erased entries)
 * </pre>
 *
 * Instants are RFC 3339 in UTC. The package knows nothing of consent beyond this.
 */
@NullMarked
package org.consentgateway.ledger;

import org.jspecify.annotations.NullMarked;
