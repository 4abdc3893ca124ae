package org.consentgateway.webhook;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Immutable. Somebody who is told.
 *
 * @param name in metrics, records and commands
 * @param events what it wants to know
 * @param format how messages to it are put
 * @param holder under which name it is noted as a holder of data
 * @param reach where it may be, and how much it may cost
 */
public record Endpoint(
        String name, URI url, Set<EventType> events, Format format, String holder, Reach reach) {
    public Endpoint {
        events = Set.copyOf(events);
    }

    /**
     * @param secrets that sign, the current one first; read anew for each message
     * @param bearer token that shows who asks (RFC 6750); read anew for each message
     * @param mapping where it does not take events as they are
     */
    public record Format(
            Supplier<List<byte[]>> secrets,
            Supplier<Optional<String>> bearer,
            Optional<Mapping> mapping) {}

    /**
     * @param privateAddresses whether it may be in a private network or on this machine
     * @param roots PEM files of the authorities to believe; none: those of the Java runtime
     * @param timeout of one attempt in all
     * @param mostWaiting messages kept for it, those it has refused for good as well; what is not
     *     urgent is dropped beyond that
     */
    public record Reach(
            boolean privateAddresses, List<Path> roots, Duration timeout, long mostWaiting) {
        public Reach {
            roots = List.copyOf(roots);
        }
    }

    boolean secure() {
        return url.getScheme().equalsIgnoreCase("https");
    }

    int port() {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return secure() ? 443 : 80;
    }

    /** An address may hold a password of the receiver. */
    @Override
    public String toString() {
        return "Endpoint[" + name + "]";
    }
}
