package org.consentgateway.settings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.consentgateway.config.HostName;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SipUri;
import org.consentgateway.settings.TrunkConfig.NumberingConfig;
import org.consentgateway.settings.TrunkConfig.Registration;
import org.consentgateway.settings.credential.GivenSecret;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.auth.RequiredLogin;
import org.consentgateway.sip.capture.CaptureSettings;
import org.consentgateway.sip.certificate.Revocation;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.OwnAddresses;
import org.consentgateway.sip.trunk.Trunk;

/** Immutable. What of the configuration concerns SIP, as the SIP endpoint wants it. */
public final class SipConfiguration {
    private SipConfiguration() {}

    /**
     * @param openMedia whether a media port of ours is in use
     */
    static SipSettings settings(GatewayConfig config, IntPredicate openMedia) {
        GatewayConfig.Sip sip = config.sip();
        SipSettings usual =
                SipSettings.usual(
                        opened(config),
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
                config.trunks().stream().flatMap(SipConfiguration::account).toList(),
                sip.dscp().trafficClass(),
                false,
                ownPorts(config, openMedia),
                capture(sip.hep()));
    }

    private static List<SipSettings.Listen> opened(GatewayConfig config) {
        return Stream.concat(
                        config.sip().listen().stream().map(SipConfiguration::listen),
                        dialledOnly(config))
                .toList();
    }

    private static Optional<CaptureSettings> capture(GatewayConfig.Hep hep) {
        return hep.collector()
                .map(HostPort::socketAddress)
                .map(collector ->
                        new CaptureSettings(
                                collector,
                                hep.agent(),
                                hep.password().map(Secret::text).orElse("")));
    }

    /** Where media must not be sent, since it is we ourselves who listen there. */
    private static List<OwnAddresses.Ports> ownPorts(GatewayConfig config, IntPredicate openMedia) {
        return Stream.concat(
                        Stream.of(OwnAddresses.Ports.media(config.media().address(), openMedia)),
                        Stream.of(
                                        Optional.of(config.web().listen()),
                                        config.tokens().listen(),
                                        config.api().listen())
                                .flatMap(Optional::stream)
                                .map(HostPort::socketAddress)
                                .map(OwnAddresses.Ports::one))
                .toList();
    }

    private static SipSettings.Limits limits(GatewayConfig.Limits limits) {
        return new SipSettings.Limits(
                limits.invitesPerSecondPerSource(),
                limits.tcp().connections(),
                limits.tcp().connectionsPerSource(),
                limits.tcp().handshake(),
                limits.tcp().idle(),
                limits.requestsPerSecondPerSource(),
                limits.unacknowledgedPerTrunk());
    }

    /** Real time, and the name servers to ask. */
    public static ClockAndDns machine(GatewayConfig config, LongSupplier nanos) {
        ClockAndDns real = ClockAndDns.real(nanos);
        List<InetSocketAddress> servers =
                config.sip().nameServers().stream().map(HostPort::socketAddress).toList();
        return servers.isEmpty() ? real : real.with(DnsLookups.of(servers));
    }

    /** Whose life we want to know of: trunks, assistants, humans. */
    public static List<Watched> watched(GatewayConfig config) {
        List<Watched> all = new ArrayList<>();
        for (TrunkConfig trunk : config.trunks()) {
            all.add(new Watched(Watched.Kind.TRUNK, trunk.name(), probe(trunk)));
        }
        for (AssistantConfig each : config.assistants()) {
            each.uri().ifPresent(uri -> all.add(watched(Watched.Kind.ASSISTANT, each.name(), uri)));
            each.more()
                    .forEach(one ->
                            all.add(watched(Watched.Kind.ASSISTANT, each.name(), one.uri())));
        }
        for (HumanConfig each : config.humans()) {
            all.add(watched(Watched.Kind.HUMAN, each.name(), each.uri()));
        }
        return all;
    }

    private static Watched watched(Watched.Kind kind, String name, SipUri uri) {
        return new Watched(kind, name, Optional.of(uri.text()));
    }

    private static Optional<String> probe(TrunkConfig trunk) {
        Registration registration = trunk.registration();
        return trunk.probe()
                .map(SipUri::text)
                .or(() ->
                        registration
                                .proxy()
                                .or(registration::domain)
                                .map(host ->
                                        "sip:"
                                                + host
                                                + transport(registration)
                                                        .map(t -> ";transport=" + t.parameter())
                                                        .orElse("")));
    }

    private static Transport transport(ListenAddress.Protocol protocol) {
        return switch (protocol) {
            case UDP -> Transport.UDP;
            case TCP -> Transport.TCP;
            case TLS -> Transport.TLS;
        };
    }

    private static SipSettings.Listen listen(ListenAddress listen) {
        return new SipSettings.Listen(
                transport(listen.transport()),
                listen.at().address().getHostAddress(),
                listen.at().port());
    }

    /**
     * Where we are for those who are dialled by a transport that is not listened on: at every
     * address that is.
     */
    private static Stream<SipSettings.Listen> dialledOnly(GatewayConfig config) {
        Set<Transport> listened =
                config.sip().listen().stream()
                        .map(each -> listen(each).transport())
                        .collect(Collectors.toSet());
        return Stream.of(Transport.TCP, Transport.TLS)
                .filter(transport -> !listened.contains(transport))
                .filter(transport -> isDialled(transport, config))
                .flatMap(transport ->
                        config.sip().listen().stream()
                                .map(each -> listen(each).host())
                                .distinct()
                                .map(host -> SipSettings.Listen.dialling(transport, host)));
    }

    private static boolean isDialled(Transport transport, GatewayConfig config) {
        return dialled(config)
                .anyMatch(uri -> uri.transport().equals(Optional.of(transport.parameter())));
    }

    /** Whoever may be called, at each place. */
    static Stream<SipUri> dialled(GatewayConfig config) {
        return Stream.of(
                        config.assistants().stream().flatMap(each -> each.uri().stream()),
                        config.assistants().stream()
                                .flatMap(each -> each.more().stream())
                                .map(AssistantConfig.Place::uri),
                        config.humans().stream().map(HumanConfig::uri),
                        config.trunks().stream().flatMap(each -> each.probe().stream()))
                .flatMap(each -> each);
    }

    static Tls tls(GatewayConfig config) {
        TlsConfig tls = config.sip().tls();
        return new Tls(
                tls.certificate()
                        .flatMap(
                                certificate -> tls.key().map(key -> new Tls.Own(certificate, key))),
                tls.roots(),
                tls.systemRoots(),
                switch (tls.clientCertificate()) {
                    case OFF -> Tls.ClientCertificate.OFF;
                    case OPTIONAL -> Tls.ClientCertificate.OPTIONAL;
                    case REQUIRED -> Tls.ClientCertificate.REQUIRED;
                },
                revocation(tls.revocation()),
                tls.versions().stream().map(version -> "TLSv" + version).toList());
    }

    private static Revocation revocation(TlsConfig.Revocation asked) {
        Revocation.Check check =
                switch (asked.check()) {
                    case OFF -> Revocation.Check.OFF;
                    case CRL -> Revocation.Check.CRL;
                    case OCSP -> Revocation.Check.OCSP;
                };
        return new Revocation(check, asked.lists(), asked.responder(), asked.softFail());
    }

    /**
     * What is shown and believed by TLS.
     *
     * @throws IOException where a file has become unreadable
     */
    public static SSLContext certificates(GatewayConfig config) throws IOException {
        return tls(config).context();
    }

    /**
     * Transports that would be dialled and were not opened at the start, a line each.
     *
     * @param running by what was opened
     */
    public static List<String> notListened(SipSettings next, GatewayConfig running) {
        Set<Transport> opened =
                opened(running).stream()
                        .map(SipSettings.Listen::transport)
                        .collect(Collectors.toSet());
        return next.listen().stream()
                .map(SipSettings.Listen::transport)
                .distinct()
                .filter(transport -> !opened.contains(transport))
                .map(transport ->
                        "those dialled by ;transport="
                                + transport.parameter()
                                + " are not reached, since nobody was at the start")
                .toList();
    }

    private static Trunk trunk(TrunkConfig trunk) {
        return new Trunk(
                trunk.name(),
                trunk.sources(),
                trunk.transports().isEmpty()
                        ? Trunk.EVERY_TRANSPORT
                        : trunk.transports().stream()
                                .map(SipConfiguration::transport)
                                .collect(Collectors.toSet()),
                trunk.mediaNetworks(),
                identity(trunk),
                numbering(trunk.numbering()),
                trunk.infoDigits(),
                trunk.srtp(),
                login(trunk.authentication()));
    }

    private static IdentityTrust identity(TrunkConfig trunk) {
        return new IdentityTrust(
                trunk.identity(),
                trunk.verstat(),
                trunk.attestation(),
                Stream.concat(
                                trunk.identityDomains().stream(),
                                trunk.registration().domain().stream())
                        .map(HostName::host)
                        .toList());
    }

    private static Optional<RequiredLogin> login(TrunkConfig.Authentication wanted) {
        return wanted.user()
                .map(user ->
                        new RequiredLogin(
                                wanted.realm(),
                                user,
                                GivenSecret.of(wanted.password(), wanted.passwordFile()).orElse(""),
                                EnumSet.copyOf(wanted.algorithms())));
    }

    /** What an assistant is shown; empty where nothing is configured. */
    static Optional<ClientLogin> login(AssistantConfig.Login shown) {
        return shown.user()
                .map(user ->
                        new ClientLogin(
                                user,
                                GivenSecret.of(shown.password(), shown.passwordFile()).orElse(""),
                                EnumSet.copyOf(shown.algorithms())));
    }

    /** How the callers of each trunk dial. */
    public static DialledNumbers numbers(GatewayConfig config) {
        Map<String, Numbering> trunks = new HashMap<>();
        config.trunks().forEach(trunk -> trunks.put(trunk.name(), numbering(trunk.numbering())));
        return (trunk, digits) -> {
            Numbering numbering = trunks.get(trunk);
            return numbering == null ? "" : numbering.normalise(digits);
        };
    }

    /** Immutable. Digits as they are dialled to E.164; to the empty string where they are none. */
    public interface DialledNumbers {
        String complete(String trunk, String digits);
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
                        transport(registration),
                        user.get(),
                        registration.authUser().orElse(user.get()),
                        GivenSecret.of(registration.password(), registration.passwordFile())
                                .orElse(""),
                        EnumSet.copyOf(registration.algorithms()),
                        registration.expires(),
                        registration.register(),
                        registration.callerId() == TrunkConfig.CallerId.CALLER));
    }

    private static Optional<Transport> transport(Registration registration) {
        return switch (registration.transport()) {
            case ANY -> Optional.empty();
            case UDP -> Optional.of(Transport.UDP);
            case TCP -> Optional.of(Transport.TCP);
            case TLS -> Optional.of(Transport.TLS);
        };
    }
}
