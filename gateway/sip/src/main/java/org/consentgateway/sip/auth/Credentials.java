package org.consentgateway.sip.auth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sip.header.Header;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/**
 * A name and its password, for the servers that they are meant for (RFC 3261 §22.2). Thread-safe.
 * Answers one realm alone, since whoever is called can challenge us as well, and guess at the
 * password by what it gets. Counts how often each nonce was used (RFC 7616 §3.4, nc).
 */
public final class Credentials {
    private static final List<String> HEADERS = List.of("Authorization", "Proxy-Authorization");

    private final Digest.Who who;
    private final Set<DigestAlgorithm> algorithms;
    private final Uses uses;

    /** Of the challenge that was answered last; null before the first. Guarded by this. */
    private @Nullable String realm;

    public Credentials(String login, String password, Set<DigestAlgorithm> algorithms) {
        this(new Digest.Who(login, password), Set.copyOf(algorithms), new Uses(), null);
    }

    private Credentials(
            Digest.Who who, Set<DigestAlgorithm> algorithms, Uses uses, @Nullable String realm) {
        this.who = who;
        this.algorithms = algorithms;
        this.uses = uses;
        this.realm = realm;
    }

    public Credentials(ClientLogin login) {
        this(login.user(), login.password(), login.algorithms());
    }

    /**
     * The same for one call: in the registrar's realm, or where that has none yet, in the first
     * that the call is challenged in.
     */
    public synchronized Credentials ofCall() {
        return new Credentials(who, algorithms, uses, realm);
    }

    public static boolean isChallenge(Response response) {
        return response.getStatusCode() == 401 || response.getStatusCode() == 407;
    }

    /** The strongest challenge of a 401 or 407 that we can answer, in the realm they are for. */
    public synchronized Optional<Digest.Challenge> challenge(Response response) {
        return challenge(response, realm);
    }

    /** The same of the registrar, whose realm is the one they are for, also where it changes. */
    public Optional<Digest.Challenge> challengeOfRegistrar(Response response) {
        return challenge(response, null);
    }

    private Optional<Digest.Challenge> challenge(Response response, @Nullable String in) {
        String header = response.getStatusCode() == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
        return Digest.strongest(HeaderText.values(response, header), algorithms, in);
    }

    private synchronized void isFor(String answered) {
        realm = answered;
    }

    /** Puts the answer to a challenge into a request, replacing one to an earlier challenge. */
    public void answer(Request request, Digest.Challenge challenge, boolean byProxy) {
        isFor(challenge.realm());
        String name = byProxy ? "Proxy-Authorization" : "Authorization";
        request.setHeader(
                HeaderText.parsed(
                        name,
                        Digest.answer(
                                challenge,
                                who,
                                request.getMethod(),
                                request.getRequestURI().toString(),
                                uses.next(challenge.nonce()),
                                SipText.tag())));
    }

    /** How often each nonce was used, by whichever call. Thread-safe. */
    private static final class Uses {
        /** Nonces remembered; a forgotten one only starts to count anew. */
        private static final int MAX_NONCES = 64;

        private final Map<String, Integer> counts = new HashMap<>();

        synchronized int next(String nonce) {
            if (counts.size() >= MAX_NONCES) {
                counts.clear();
            }
            return counts.merge(nonce, 1, Integer::sum);
        }
    }

    /** Leaves none of them in a request. */
    public static void takeOutOf(Request request) {
        HEADERS.forEach(request::removeHeader);
    }

    /** What a request bears of them, for another to bear as well, as the ACK does of its INVITE. */
    public static List<Header> in(Request request) {
        List<Header> found = new ArrayList<>();
        for (String name : HEADERS) {
            var headers = request.getHeaders(name);
            while (headers != null && headers.hasNext()) {
                found.add((Header) headers.next());
            }
        }
        return found;
    }
}
