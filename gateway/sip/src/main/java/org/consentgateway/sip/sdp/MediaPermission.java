package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Where media of one peer may go, and from where it may come: a description names whatever address
 * its writer likes. Thread-safe.
 */
public interface MediaPermission {

    /** Further addresses that its media may come from. */
    Set<InetAddress> sources();

    /** Whether media may be sent there; never asked of the null address, which says hold. */
    Verdict to(InetSocketAddress address);

    /** Whether media may be sent to an address. */
    sealed interface Verdict {
        /**
         * It may.
         *
         * @param proven whether that is the peer's own address for all we know; else it is to be
         *     sent hardly anything until it has been heard from there
         */
        record Permitted(boolean proven) implements Verdict {}

        /** It may not; says why, and not which address. */
        record Forbidden(String why) implements Verdict {}
    }

    /** For a peer that nobody has reached yet. */
    MediaPermission NOWHERE =
            new MediaPermission() {
                @Override
                public Set<InetAddress> sources() {
                    return Set.of();
                }

                @Override
                public Verdict to(InetSocketAddress address) {
                    return new Verdict.Forbidden("media of nobody");
                }
            };
}
