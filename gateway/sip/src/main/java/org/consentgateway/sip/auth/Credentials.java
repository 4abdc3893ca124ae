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

/**
 * A name and its password, for whoever challenges us (RFC 3261 §22.2). Thread-safe. Counts how
 * often each nonce was used (RFC 7616 §3.4, nc).
 */
public final class Credentials {
    /** Nonces remembered; a forgotten one only starts to count anew. */
    private static final int MAX_NONCES = 64;

    private final Digest.Who who;
    private final Set<DigestAlgorithm> algorithms;

    /** Guarded by this. */
    private final Map<String, Integer> uses = new HashMap<>();

    public Credentials(String login, String password, Set<DigestAlgorithm> algorithms) {
        this.who = new Digest.Who(login, password);
        this.algorithms = Set.copyOf(algorithms);
    }

    public Credentials(ClientLogin login) {
        this(login.user(), login.password(), login.algorithms());
    }

    public static boolean isChallenge(Response response) {
        return response.getStatusCode() == 401 || response.getStatusCode() == 407;
    }

    /** The strongest challenge of a 401 or 407 that we can answer. */
    public Optional<Digest.Challenge> challenge(Response response) {
        String header = response.getStatusCode() == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
        return Digest.strongest(HeaderText.values(response, header), algorithms);
    }

    /** Puts the answer to a challenge into a request, replacing one to an earlier challenge. */
    public void answer(Request request, Digest.Challenge challenge, boolean byProxy) {
        String name = byProxy ? "Proxy-Authorization" : "Authorization";
        request.setHeader(
                HeaderText.parsed(
                        name,
                        Digest.answer(
                                challenge,
                                who,
                                request.getMethod(),
                                request.getRequestURI().toString(),
                                use(challenge.nonce()),
                                SipText.tag())));
    }

    private synchronized int use(String nonce) {
        if (uses.size() >= MAX_NONCES) {
            uses.clear();
        }
        return uses.merge(nonce, 1, Integer::sum);
    }

    /** What a request bears of them, for another to bear as well, as the ACK does of its INVITE. */
    public static List<Header> in(Request request) {
        List<Header> found = new ArrayList<>();
        for (String name : List.of("Authorization", "Proxy-Authorization")) {
            var headers = request.getHeaders(name);
            while (headers != null && headers.hasNext()) {
                found.add((Header) headers.next());
            }
        }
        return found;
    }
}
