package org.consentgateway.sip.endpoint;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.timer.Alarm;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.DnsServer;

/** Settings of an endpoint made from the peers of a test. */
final class Peers {
    private Peers() {}

    /** Real time, and this name server. */
    static ClockAndDns machine(DnsServer dns) {
        return new ClockAndDns(
                System::nanoTime,
                InstantSource.system(),
                DnsLookups.of(List.of(dns.address())),
                Alarm::real);
    }

    static Tls tls(Certificates certificates, String name, Tls.ClientCertificate wanted) {
        return new Tls(
                Optional.of(new Tls.Own(certificates.certificate(name), certificates.key(name))),
                List.of(certificates.root()),
                false,
                wanted,
                Tls.VERSIONS);
    }
}
