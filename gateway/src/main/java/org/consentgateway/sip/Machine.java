package org.consentgateway.sip;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Immutable. What SIP takes from the machine it runs on.
 *
 * @param nanos only differences count
 */
public record Machine(LongSupplier nanos, InstantSource clock, Dns dns) {

    /** The real one, by this clock: with the time of day and the name servers of this machine. */
    public static Machine real(LongSupplier nanos) {
        return new Machine(nanos, InstantSource.system(), DnsLookups.ofThisMachine());
    }
}
