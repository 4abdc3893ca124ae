package org.consentgateway.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.LogPosition;

/**
 * Thread-safe. Signs consents for assistants, and says which of them still hold: a token holds for
 * one assistant, in one call, until that call is over or the consent has ended, whichever comes
 * first. It learns of both from the events of the call, on the thread on which they happen.
 */
public final class ConsentTokens implements CallListener {
    /** Characters of a thin token: some parsers take no header line above 1,024 octets. */
    public static final int MOST_THIN = 700;

    private static final String TYPE = "consent+jwt";
    private static final String LIST_TYPE = "statuslist+jwt";
    private static final String NOTICE = "ntc";

    /** Under the issuer. */
    private static final String LISTS = "/s/";

    /** How long a status list may be believed, and kept. */
    private static final Duration LIST_LIFE = Duration.ofMinutes(5);

    private static final Duration LIST_KEPT = Duration.ofSeconds(10);

    /** One that has not changed is signed anew after so long. */
    private static final Duration LIST_SIGNED = Duration.ofMinutes(1);

    /** Of the SHA-256 of a text: enough to tell texts apart, and half as long. */
    private static final int HASH_OCTETS = 12;

    private static final int LIST_ID_OCTETS = 6;

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final TokenKeys keys;
    private final Terms terms;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ConcurrentMap<UUID, TokensOfCall> live = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Signed> signed = new ConcurrentHashMap<>();
    private final List<StatusList> lists = new CopyOnWriteArrayList<>();

    /**
     * @param issuer URL under which keys and status lists are found
     * @param lifetime of a token, whatever becomes of its call
     */
    public record Terms(String issuer, Duration lifetime) {}

    /**
     * What a token says of a consent.
     *
     * @param level id
     * @param purposes ids, one space between
     * @param until an instant, or "call"
     */
    record Stated(
            UUID record,
            UUID call,
            String level,
            String purposes,
            String until,
            NoticeRef notice,
            LogPosition position) {
        static final String THIS_CALL = "call";

        static Stated of(DurableGrant grant) {
            return new Stated(
                    grant.record(),
                    grant.call(),
                    grant.level().id(),
                    grant.purposes().stream().map(Purpose::id).collect(Collectors.joining(" ")),
                    grant.until() == null ? THIS_CALL : String.valueOf(grant.until()),
                    grant.notice(),
                    grant.position());
        }
    }

    private record Signed(String jwt, long version, Instant at) {}

    public ConsentTokens(TokenKeys keys, Terms terms, InstantSource clock, RandomGenerator random) {
        this.keys = keys;
        this.terms = terms;
        this.clock = clock;
        this.random = random;
    }

    // ------------------------------------------------------------------ tokens

    /**
     * For one assistant, about the call of this grant.
     *
     * @param assistant its name in the configuration
     * @param caller a pseudonym, where the assistant may know one
     */
    public ConsentToken issue(DurableGrant grant, String assistant, Optional<String> caller) {
        return issue(Stated.of(grant), assistant, caller);
    }

    ConsentToken issue(Stated stated, String assistant, Optional<String> caller) {
        Instant now = clock.instant();
        Instant until = now.plus(terms.lifetime());
        StatusList list = list(now);
        var place = new TokensOfCall.Place(list, list.give(until, random));
        live.computeIfAbsent(stated.call(), _ -> new TokensOfCall()).add(place);
        Map<String, Object> common = new LinkedHashMap<>();
        common.put("iss", terms.issuer());
        common.put("aud", assistant);
        caller.ifPresent(pseudonym -> common.put("sub", pseudonym));
        common.put("jti", stated.record().toString());
        common.put("iat", now.getEpochSecond());
        common.put("exp", until.getEpochSecond());
        common.put("call", stated.call().toString());
        Map<String, Object> thin = new LinkedHashMap<>(common);
        thin.put("lvl", stated.level());
        thin.put("pur", stated.purposes());
        thin.put(NOTICE, shortened(stated.notice().textSha256()));
        thin.put("log", stated.position().index());
        thin.put("status", status(place));
        return new ConsentToken(
                thin(thin, now), () -> keys.signed(TYPE, full(common, stated, place), now));
    }

    /** Where it would be too long it does without what the full form and the log tell as well. */
    private String thin(Map<String, Object> claims, Instant now) {
        String token = keys.signed(TYPE, claims, now);
        if (token.length() <= MOST_THIN) {
            return token;
        }
        claims.remove(NOTICE);
        return keys.signed(TYPE, claims, now);
    }

    /**
     * @param sha256 hexadecimal
     */
    private static String shortened(String sha256) {
        if (sha256.length() < 2 * HASH_OCTETS) {
            return sha256;
        }
        return BASE64URL.encodeToString(
                HexFormat.of().parseHex(sha256.substring(0, 2 * HASH_OCTETS)));
    }

    private Map<String, Object> full(
            Map<String, Object> common, Stated stated, TokensOfCall.Place place) {
        NoticeRef text = stated.notice();
        Map<String, Object> notice = new LinkedHashMap<>();
        notice.put("id", text.id());
        notice.put("version", text.version());
        notice.put("language", text.language());
        notice.put("variant", text.variant());
        notice.put("sha256", text.textSha256());
        Map<String, Object> full = new LinkedHashMap<>(common);
        full.put("lvl", stated.level());
        full.put("pur", stated.purposes());
        full.put(NOTICE, shortened(text.textSha256()));
        full.put("notice", notice);
        full.put("until", stated.until());
        full.put("log", stated.position().index());
        full.put("log_name", stated.position().log());
        full.put("status", status(place));
        return full;
    }

    private Map<String, Object> status(TokensOfCall.Place place) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("idx", place.index());
        list.put("uri", uri(place.list().id()));
        return Map.of("status_list", list);
    }

    private String uri(String list) {
        return terms.issuer() + LISTS + list;
    }

    // ------------------------------------------------------------------ what becomes of them

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.Withdrawn withdrawn -> ended(withdrawn.facts().callId());
            case CallEvent.ConsentEnded ended -> ended(ended.facts().callId());
            case CallEvent.PurposeDecided(var facts, _, var state) -> {
                if (state == CallEvent.PurposeState.ENDED) {
                    outdated(facts.callId());
                }
            }
            case CallEvent.Ended over -> over(over.outcome().trail().facts().callId());
            default -> {}
        }
    }

    /** The consent of this call has ended: no token of it holds, and none that is issued now. */
    private void ended(UUID call) {
        live.computeIfAbsent(call, _ -> new TokensOfCall()).consentEnded();
    }

    /** The tokens that there are of this call no longer hold; one that is issued now does. */
    void outdated(UUID call) {
        TokensOfCall tokens = live.get(call);
        if (tokens != null) {
            tokens.outdated();
        }
    }

    private void over(UUID call) {
        TokensOfCall tokens = live.remove(call);
        if (tokens != null) {
            tokens.callOver();
        }
    }

    // ------------------------------------------------------------------ what anybody may read

    /** JSON Web Key Set (RFC 7517 §5). */
    public String keySet() {
        return keys.keySet(clock.instant(), terms.lifetime());
    }

    /**
     * A status list token (draft-ietf-oauth-status-list §5.1).
     *
     * @return empty where there is no such list, or not any more
     */
    public Optional<String> statusList(String id) {
        return found(id).map(this::signedNow);
    }

    private String signedNow(StatusList list) {
        Instant now = clock.instant();
        long version = list.version();
        return signed.compute(
                        list.id(),
                        (_, before) ->
                                before != null
                                                && before.version() == version
                                                && now.isBefore(before.at().plus(LIST_SIGNED))
                                        ? before
                                        : new Signed(signed(list, now), version, now))
                .jwt();
    }

    private String signed(StatusList list, Instant now) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("bits", StatusList.BITS);
        content.put("lst", list.compressed());
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", terms.issuer());
        claims.put("sub", uri(list.id()));
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(LIST_LIFE).getEpochSecond());
        claims.put("ttl", LIST_KEPT.toSeconds());
        claims.put("status_list", content);
        return keys.signed(LIST_TYPE, claims, now);
    }

    /**
     * One token's status as plain JSON.
     *
     * @return empty where there is no such place
     */
    public Optional<String> status(String list, int index) {
        return found(list)
                .filter(_ -> index >= 0 && index < StatusList.SIZE)
                .map(each -> each.status(index))
                .map(status -> {
                    Map<String, Object> told = new LinkedHashMap<>();
                    told.put("status", status.word());
                    told.put("value", status.value);
                    return TokenKeys.json(told);
                });
    }

    private Optional<StatusList> found(String id) {
        return lists.stream().filter(list -> list.id().equals(id)).findFirst();
    }

    /** The one that has room; those that nobody needs any more go. */
    private synchronized StatusList list(Instant now) {
        if (lists.isEmpty() || lists.getLast().isFull()) {
            lists.removeIf(list -> !list.isNeeded(now));
            signed.keySet().removeIf(id -> found(id).isEmpty());
            byte[] id = new byte[LIST_ID_OCTETS];
            random.nextBytes(id);
            lists.add(new StatusList(BASE64URL.encodeToString(id)));
        }
        return lists.getLast();
    }

    // ------------------------------------------------------------------ size

    /**
     * Characters of the longest thin token there can be.
     *
     * @param caller whether it bears a pseudonym
     */
    public static int longestThin(
            String issuer, String assistant, String level, List<String> purposes, boolean caller) {
        String id = "0".repeat(36);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", assistant);
        if (caller) {
            claims.put("sub", "0".repeat(CallerPseudonyms.LENGTH));
        }
        claims.put("jti", id);
        claims.put("iat", 9_999_999_999L);
        claims.put("exp", 9_999_999_999L);
        claims.put("call", id);
        claims.put("lvl", level);
        claims.put("pur", String.join(" ", purposes));
        claims.put("log", 99_999_999L);
        claims.put(
                "status",
                Map.of(
                        "status_list",
                        Map.of("idx", StatusList.SIZE, "uri", issuer + LISTS + "0".repeat(8))));
        String header = TokenKeys.json(Map.of("alg", "EdDSA", "typ", TYPE, "kid", "0".repeat(43)));
        return base64Length(header) + base64Length(TokenKeys.json(claims)) + 86 + 2;
    }

    private static int base64Length(String text) {
        return (text.length() * 4 + 2) / 3;
    }
}
