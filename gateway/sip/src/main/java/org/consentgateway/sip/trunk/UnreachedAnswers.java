package org.consentgateway.sip.trunk;

import java.util.function.LongSupplier;
import org.consentgateway.sip.dns.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of answers to our calls that cannot be acknowledged as they want it: of each server
 * and reason once a minute. Thread-safe.
 */
public final class UnreachedAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(UnreachedAnswers.class);

    private static final String DETOUR = "requests within the call go to that server instead";
    private static final String LEFT = "it is not acknowledged, and ends the call by its own timer";

    private final OnceAMinute<Told> often;

    /** What is wrong with an answer. */
    public enum Why {
        ROUTE("a Record-Route of that cannot be used", DETOUR),
        TARGET("nothing can be sent to where its Contact or Record-Route leads", DETOUR),
        UNSENT("its ACK cannot be sent to anybody", LEFT),
        UNMADE("no ACK can be made of it", LEFT);

        private final String what;
        private final String done;

        Why(String what, String done) {
            this.what = what;
            this.done = done;
        }
    }

    private record Told(ServerAddress server, Why why) {}

    public UnreachedAnswers(LongSupplier nanos) {
        this.often = new OnceAMinute<>(nanos);
    }

    /**
     * @param peer a trunk, or what else the other side is called
     * @param server that the INVITE went to
     */
    public void tell(String peer, ServerAddress server, Why why) {
        if (often.isDue(new Told(server, why))) {
            LOG.warn("{} at {} has answered, and {}: {}", peer, server, why.what, why.done);
        }
    }
}
