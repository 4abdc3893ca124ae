package org.consentgateway.sip.transport;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.consentgateway.sip.dns.Dns;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.timer.Alarm;

/**
 * What SIP takes from the machine it runs on. Immutable.
 *
 * @param nanos only differences count
 * @param alarms one for each endpoint
 */
public record ClockAndDns(
        LongSupplier nanos, InstantSource clock, Dns dns, Supplier<Alarm> alarms) {

    /** The real one, by this clock: with the time of day and the name servers of this machine. */
    public static ClockAndDns real(LongSupplier nanos) {
        return new ClockAndDns(
                nanos, InstantSource.system(), DnsLookups.ofThisMachine(), Alarm::real);
    }

    /** The same with other name servers. */
    public ClockAndDns with(Dns others) {
        return new ClockAndDns(nanos, clock, others, alarms);
    }
}
