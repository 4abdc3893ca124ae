package org.consentgateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.TrunkConfig.NumberingConfig;
import org.consentgateway.TrunkConfig.Registration;
import org.consentgateway.config.HostName;
import org.consentgateway.config.Secret;
import org.consentgateway.sip.Account;
import org.consentgateway.sip.Cidr;
import org.consentgateway.sip.Numbering;
import org.consentgateway.sip.SipSettings;
import org.consentgateway.sip.Tls;
import org.consentgateway.sip.Transport;
import org.consentgateway.sip.Trunk;

/** Immutable. What of the configuration concerns SIP, as the SIP endpoint wants it. */
final class SipConfiguration {
    private SipConfiguration() {}

    static SipSettings settings(GatewayConfig config) {
        GatewayConfig.Sip sip = config.sip();
        SipSettings usual =
                SipSettings.usual(
                        sip.listen().stream().map(SipConfiguration::listen).toList(),
                        sip.userAgent(),
                        config.trunks().stream().map(SipConfiguration::trunk).toList());
        return new SipSettings(
                usual.listen(),
                sip.advertisedAddress().map(address -> address.getHostAddress()),
                usual.userAgent(),
                usual.trunks(),
                sip.maxMessageBytes(),
                usual.t1(),
                usual.sessionExpires(),
                usual.minSessionExpires(),
                limits(config.limits()),
                Optional.of(tls(config)),
                config.trunks().stream().flatMap(SipConfiguration::account).toList());
    }

    private static SipSettings.Limits limits(GatewayConfig.Limits limits) {
        return new SipSettings.Limits(
                limits.invitesPerSecondPerSource(),
                limits.tcp().connections(),
                limits.tcp().connectionsPerSource(),
                limits.tcp().idle());
    }

    private static SipSettings.Listen listen(org.consentgateway.config.Listen listen) {
        return new SipSettings.Listen(
                Transport.valueOf(listen.transport().name()),
                listen.at().address().getHostAddress(),
                listen.at().port());
    }

    static Tls tls(GatewayConfig config) {
        TlsConfig tls = config.sip().tls();
        return new Tls(
                tls.certificate()
                        .flatMap(
                                certificate -> tls.key().map(key -> new Tls.Own(certificate, key))),
                tls.roots(),
                tls.systemRoots(),
                Tls.ClientCertificate.valueOf(tls.clientCertificate().name()),
                tls.versions().stream().map(version -> "TLSv" + version).toList());
    }

    private static Trunk trunk(TrunkConfig trunk) {
        return new Trunk(
                trunk.name(),
                networks(trunk.sources()),
                networks(trunk.mediaNetworks()),
                trunk.identity(),
                numbering(trunk.numbering()),
                trunk.infoDigits());
    }

    private static List<Cidr> networks(List<org.consentgateway.config.Cidr> networks) {
        return networks.stream().map(network -> Cidr.parse(network.toString())).toList();
    }

    private static Numbering numbering(NumberingConfig numbering) {
        return new Numbering(
                numbering.country(),
                numbering.internationalPrefix(),
                numbering.nationalPrefix(),
                numbering.withoutPrefix());
    }

    private static Stream<Account> account(TrunkConfig trunk) {
        Registration registration = trunk.registration();
        Optional<String> user = registration.user();
        if (registration.domain().isEmpty() || user.isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(
                new Account(
                        trunk.name(),
                        registration.domain().get().toString(),
                        registration.proxy().map(HostName::toString),
                        switch (registration.transport()) {
                            case ANY -> Optional.empty();
                            case UDP -> Optional.of(Transport.UDP);
                            case TCP -> Optional.of(Transport.TCP);
                            case TLS -> Optional.of(Transport.TLS);
                        },
                        user.get(),
                        registration.authUser().orElse(user.get()),
                        password(registration.password(), registration.passwordFile()),
                        EnumSet.copyOf(registration.algorithms()),
                        registration.expires()));
    }

    /** Of either place; empty where there is none. */
    private static String password(Optional<Secret> password, Optional<Path> file) {
        return password.map(Secret::text)
                .or(() -> file.flatMap(SipConfiguration::password))
                .orElse("");
    }

    /** The first line of a file; none where there is no such line. */
    static Optional<String> password(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> !line.isBlank());
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }
}
