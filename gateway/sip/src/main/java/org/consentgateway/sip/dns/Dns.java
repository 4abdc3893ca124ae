package org.consentgateway.sip.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/** The DNS as RFC 3263 asks it: records as they are, where there are none, none. Thread-safe. */
public interface Dns {

    /** RFC 3403 §4: which transports a domain is reached by. */
    record Naptr(int order, int preference, String flags, String service, String replacement) {}

    /** RFC 2782: which servers there are. */
    record Srv(int priority, int weight, int port, String target) {}

    List<Naptr> naptr(String domain) throws Unavailable;

    List<Srv> srv(String name) throws Unavailable;

    /**
     * IPv6 and IPv4 addresses of a host; a literal is its own.
     *
     * @param reachable which of them are of use: where none but others are told, a family that is
     *     not told is waited for
     * @throws Unavailable where no family is told, or only others are and one is not
     */
    List<InetAddress> addresses(String host, Predicate<InetAddress> reachable) throws Unavailable;

    /** Nobody could say: neither yes nor no. */
    final class Unavailable extends IOException {
        private static final long serialVersionUID = 1;

        public Unavailable(String message) {
            super(message);
        }
    }
}
