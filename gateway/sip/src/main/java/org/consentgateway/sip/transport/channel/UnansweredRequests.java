package org.consentgateway.sip.transport.channel;

import java.net.Socket;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests of ours to which nothing has come yet, by the connection that they went over.
 * Thread-safe. Where that ends the stack goes on waiting (32 s); but whoever takes a connection and
 * closes it, as a balancer does that has no server left, will hardly answer, and then the next one
 * can be asked (RFC 3261 §8.1.3.1, RFC 3263 §4.3).
 */
final class UnansweredRequests {
    private final Map<Socket, Set<OwnClientTransaction>> requests = new HashMap<>();

    /** A channel whose requests are followed. Thread-safe. */
    interface Followed {
        UnansweredRequests unanswered();

        /** The connection that it has now. */
        @Nullable Socket connection();
    }

    void sent(OwnClientTransaction request, Socket over) {
        synchronized (this) {
            requests.computeIfAbsent(over, _ -> Collections.newSetFromMap(new IdentityHashMap<>()))
                    .add(request);
        }
        if (over.isClosed()) {
            ended(over);
        }
    }

    synchronized void answered(OwnClientTransaction request, Socket over) {
        requests.computeIfPresent(
                over,
                (_, waiting) -> waiting.remove(request) && waiting.isEmpty() ? null : waiting);
    }

    /** This connection has ended. */
    void ended(Socket connection) {
        over(connection).forEach(OwnClientTransaction::cutOffLater);
    }

    private synchronized List<OwnClientTransaction> over(Socket connection) {
        return List.copyOf(requests.getOrDefault(connection, Set.of()));
    }
}
