package org.consentgateway.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.api.access.ApiPrincipal;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleUser;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. Who has signed in, in this process: a restart signs everybody out. An id is 256
 * random bits, made at sign-in and never taken from a request, and kept as its hash only.
 */
final class Sessions {
    /** The one not used for longest is ended for one more. */
    static final int MOST = 500;

    private static final int OCTETS = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AccountFile accounts;
    private final SessionTokens tokens;
    private final InstantSource clock;
    private final Duration idle;
    private final Duration longest;
    private final Map<String, Session> byHash = new HashMap<>();

    /**
     * @param idle without a request
     * @param longest in all
     */
    Sessions(
            AccountFile accounts,
            SessionTokens tokens,
            InstantSource clock,
            Duration idle,
            Duration longest) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.clock = clock;
        this.idle = idle;
        this.longest = longest;
    }

    /** Known by its id to whoever has the cookie. */
    record Begun(String id, Session session) {}

    /** In the API's records. */
    static ApiPrincipal principal(ConsoleUser user) {
        return new ApiPrincipal("console " + user.name(), user.role().scopes());
    }

    /**
     * @return it, with its id for the cookie
     */
    synchronized Begun begin(Identification how) {
        Instant now = clock.instant();
        for (Session each : List.copyOf(byHash.values())) {
            if (isOver(each, now)) {
                end(each);
            }
        }
        if (byHash.size() >= MOST) {
            byHash.values().stream().min(Comparator.comparing(Session::used)).ifPresent(this::end);
        }
        String id = random();
        var session = new Session(how, random(), tokens.mint(principal(how.user())), now);
        byHash.put(hash(id), session);
        return new Begun(id, session);
    }

    /** By what the cookie says; an account of ours must still be as it was at sign-in. */
    synchronized Optional<Session> of(String id) throws IOException {
        Session session = byHash.get(hash(id));
        return session != null && holds(session) ? Optional.of(session) : Optional.empty();
    }

    private boolean isAsItWas(Identification how) throws IOException {
        Optional<ConsoleAccount> before = how.account();
        return before.isEmpty() || accounts.named(how.user().name()).equals(before);
    }

    /** A request of a person, not of a page that keeps itself up to date. */
    void used(Session session) {
        session.use(clock.instant());
    }

    /** Whether a page may go on showing what is new: the same as for a page that is asked for. */
    synchronized boolean goesOn(Session session) throws IOException {
        return !session.ended() && holds(session);
    }

    private boolean holds(Session session) throws IOException {
        if (isOver(session, clock.instant()) || !isAsItWas(session.identification())) {
            end(session);
            return false;
        }
        return true;
    }

    private boolean isOver(Session session, Instant now) {
        return !now.isBefore(session.used().plus(idle))
                || !now.isBefore(session.begun().plus(longest));
    }

    synchronized void end(Session session) {
        session.end();
        tokens.end(session.apiToken());
        byHash.values().remove(session);
    }

    /** Pages that are kept up to date end with it. */
    synchronized void endAll() {
        List.copyOf(byHash.values()).forEach(this::end);
    }

    /** Of the same account, beside this one. */
    synchronized int others(Session session) {
        return (int) othersOf(session).count();
    }

    synchronized void endOthers(Session session) {
        othersOf(session).toList().forEach(this::end);
    }

    private Stream<Session> othersOf(Session session) {
        Instant now = clock.instant();
        return byHash.values().stream()
                .filter(each -> each != session && !isOver(each, now))
                .filter(each -> each.user().name().equals(session.user().name()));
    }

    /** 256 bits. */
    static String random() {
        byte[] octets = new byte[OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static String hash(String id) {
        return Digests.hex(Digests.of(id.getBytes(StandardCharsets.UTF_8)));
    }
}
