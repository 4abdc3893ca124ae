package org.consentgateway.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.admission.EmergencyNumbers;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SipUri;
import org.consentgateway.settings.TrunkConfig.Registration;
import org.consentgateway.settings.credential.CredentialRules;
import org.consentgateway.settings.credential.GivenSecret;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityTrust;

/** Confined to one check. What must hold between the keys of the trunks, and of TLS. */
public final class TrunkRules {
    /** Stands in every file of config/trunks, for the password that only its owner knows. */
    private static final String EXAMPLE = "change-me";

    private static final String PASSWORD_FILE =
            "password-file: /etc/consent-gateway/trunk.password";

    private final GatewayConfig config;
    private final Complaints complaints;

    TrunkRules(GatewayConfig config, Complaints complaints) {
        this.config = config;
        this.complaints = complaints;
    }

    void check() {
        emergency();
        tls();
        reachable();
        sources();
        bindings();
        media();
        for (int i = 0; i < config.trunks().size(); i++) {
            TrunkConfig trunk = config.trunks().get(i);
            attestation(trunk, "trunks[" + i + "].attestation");
            authentication(trunk.authentication(), "trunks[" + i + "].authentication");
            registration(trunk.registration(), "trunks[" + i + "].registration");
            transports(trunk, "trunks[" + i + "].transports");
        }
        for (int i = 0; i < config.assistants().size(); i++) {
            calledBy(config.assistants().get(i).trunk(), "assistants[" + i + "].trunk");
            login(config.assistants().get(i), "assistants[" + i + "]");
        }
        for (int i = 0; i < config.humans().size(); i++) {
            calledBy(config.humans().get(i).trunk(), "humans[" + i + "].trunk");
        }
    }

    private void attestation(TrunkConfig trunk, String at) {
        if (trunk.verstat() == IdentityTrust.Verstat.IGNORED
                && trunk.attestation() != IdentityTrust.Attestation.FULL) {
            complaints.about(at, "is not looked at by verstat: ignored", "verstat: if-given");
        }
    }

    /** A password is shown by the account where there is one. */
    private void login(AssistantConfig assistant, String at) {
        AssistantConfig.Login shown = assistant.authentication();
        if (shown.user().isEmpty()) {
            if (shown.password().isPresent() || shown.passwordFile().isPresent()) {
                complaints.about(
                        at + ".authentication.user",
                        "is missing; without it no password is shown",
                        "user: gateway");
            }
            return;
        }
        password(at + ".authentication", shown.password(), shown.passwordFile());
        if (assistant.trunk().isPresent()) {
            complaints.about(
                    at + ".authentication",
                    "is of no use: it is called over the account of a trunk, and that has its own",
                    "trunk: \"\"");
        }
    }

    /** What it comes by has to be listened on, and its registrar answers by what it is asked by. */
    private void transports(TrunkConfig trunk, String at) {
        List<ListenAddress.Protocol> named = trunk.transports();
        Registration registration = trunk.registration();
        named.stream()
                .filter(one -> !listens(one))
                .findFirst()
                .ifPresent(one ->
                        complaints.about(
                                at,
                                "names " + word(one) + ", which sip.listen has no address of",
                                "listen: [" + word(one) + ":0.0.0.0:5060]"));
        if (named.isEmpty() || registration.domain().isEmpty()) {
            return;
        }
        Optional<ListenAddress.Protocol> wanted = protocol(registration);
        if (wanted.isEmpty() || !named.contains(wanted.get())) {
            complaints.about(
                    at,
                    "keeps out its registrar, whose answers come by what it is asked by: say it as"
                            + " registration.transport, too",
                    "transport: " + word(named.getFirst()));
        }
    }

    private static String word(ListenAddress.Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<ListenAddress.Protocol> protocol(Registration registration) {
        return switch (registration.transport()) {
            case ANY -> Optional.empty();
            case UDP -> Optional.of(ListenAddress.Protocol.UDP);
            case TCP -> Optional.of(ListenAddress.Protocol.TCP);
            case TLS -> Optional.of(ListenAddress.Protocol.TLS);
        };
    }

    /** Answers over UDP come to a port of ours, and where none is listened on nowhere. */
    private void reachable() {
        SipConfiguration.dialled(config)
                .filter(uri -> uri.transport().equals(Optional.of("udp")))
                .filter(_ -> !listens(ListenAddress.Protocol.UDP))
                .findFirst()
                .ifPresent(uri ->
                        complaints.about(
                                "sip.listen",
                                "needs a udp: address, to which " + uri + " can answer",
                                "listen: [udp:0.0.0.0:5060]"));
    }

    // ------------------------------------------------------------------ emergency numbers

    private void emergency() {
        EmergencyNumbers emergency = PartSettings.emergency(config);
        for (int i = 0; i < config.lines().size(); i++) {
            List<String> numbers = config.lines().get(i).numbers();
            for (int j = 0; j < numbers.size(); j++) {
                if (emergency.is(numbers.get(j))) {
                    complaints.about(
                            "lines[" + i + "].numbers[" + j + "]",
                            "is an emergency number; no machine may answer it",
                            "");
                }
            }
        }
        for (int i = 0; i < config.assistants().size(); i++) {
            AssistantConfig assistant = config.assistants().get(i);
            String first = "assistants[" + i + "].uri";
            assistant.uri().ifPresent(uri -> neverDialled(emergency, uri, first));
            for (int j = 0; j < assistant.more().size(); j++) {
                String at = "assistants[%d].more[%d].uri".formatted(i, j);
                neverDialled(emergency, assistant.more().get(j).uri(), at);
            }
        }
        for (int i = 0; i < config.humans().size(); i++) {
            neverDialled(emergency, config.humans().get(i).uri(), "humans[" + i + "].uri");
        }
    }

    private void neverDialled(EmergencyNumbers emergency, SipUri uri, String at) {
        if (emergency.isUri(uri.text())) {
            complaints.about(at, "is an emergency number; no machine may dial it", "");
        }
    }

    // ------------------------------------------------------------------ TLS

    private void tls() {
        TlsConfig tls = config.sip().tls();
        boolean listens = listens(ListenAddress.Protocol.TLS);
        // Who only registers by TLS gets its calls over the same connection, as its client.
        boolean registers =
                config.trunks().stream()
                        .map(TrunkConfig::registration)
                        .anyMatch(
                                each -> each.transport() == TrunkConfig.RegistrationTransport.TLS);
        if (listens && !registers && tls.certificate().isEmpty()) {
            complaints.about(
                    "sip.tls.certificate",
                    "is missing; sip.listen has a tls: address",
                    "certificate: /etc/consent-gateway/sip.crt");
        }
        if (tls.certificate().isPresent() && tls.key().isEmpty()) {
            complaints.about(
                    "sip.tls.key",
                    "is missing; the certificate needs it",
                    "key: /etc/consent-gateway/sip.key");
        }
        if (tls.certificate().isEmpty() && tls.key().isPresent()) {
            complaints.about(
                    "sip.tls.certificate",
                    "is missing; the key alone is of no use",
                    "certificate: /etc/consent-gateway/sip.crt");
        }
        if (tls.clientCertificate() != TlsConfig.ClientCertificate.OFF && !listens) {
            complaints.about(
                    "sip.tls.client-certificate",
                    "asks those who connect, but sip.listen has no tls: address",
                    "client-certificate: off");
        }
        revocation(tls);
        if (tls.roots().isEmpty() && !tls.systemRoots()) {
            complaints.about(
                    "sip.tls.system-roots",
                    "leaves nobody to believe; name authorities in roots",
                    "system-roots: true");
        }
        for (Tls.Wrong wrong : SipConfiguration.tls(config).wrong()) {
            complaints.about(keyOf(wrong.file(), tls), wrong.file() + " " + wrong.what(), "");
        }
    }

    private void revocation(TlsConfig tls) {
        TlsConfig.Revocation asked = tls.revocation();
        boolean off = asked.check() == TlsConfig.Revocation.Check.OFF;
        if (!off && tls.clientCertificate() == TlsConfig.ClientCertificate.OFF) {
            complaints.about(
                    "sip.tls.revocation.check",
                    "looks at certificates of those who connect, but none is asked for",
                    "client-certificate: required");
        }
        if (asked.check() == TlsConfig.Revocation.Check.CRL && asked.lists().isEmpty()) {
            complaints.about(
                    "sip.tls.revocation.lists",
                    "is empty, so nobody could be let in",
                    "lists: [/etc/consent-gateway/provider.crl]");
        }
        if (off && (!asked.lists().isEmpty() || asked.responder().isPresent())) {
            complaints.about(
                    "sip.tls.revocation.check",
                    "is off, so the lists and the responder are not asked",
                    "check: crl");
        }
        if (asked.responder().isPresent() && asked.check() == TlsConfig.Revocation.Check.CRL) {
            complaints.about(
                    "sip.tls.revocation.responder", "is not asked by check: crl", "check: ocsp");
        }
    }

    private static String keyOf(Path file, TlsConfig tls) {
        int list = tls.revocation().lists().indexOf(file);
        if (list >= 0) {
            return "sip.tls.revocation.lists[" + list + "]";
        }
        int root = tls.roots().indexOf(file);
        if (root >= 0) {
            return "sip.tls.roots[" + root + "]";
        }
        boolean key = tls.key().equals(Optional.of(file));
        return key ? "sip.tls.key" : "sip.tls.certificate";
    }

    private boolean listens(ListenAddress.Protocol transport) {
        return config.sip().listen().stream().anyMatch(each -> each.transport() == transport);
    }

    // ------------------------------------------------------------------ sources

    /** Which trunk a call comes by must never depend on their order. */
    private void sources() {
        Map<Cidr, String> owners = new HashMap<>();
        for (int i = 0; i < config.trunks().size(); i++) {
            TrunkConfig trunk = config.trunks().get(i);
            String at = "trunks[" + i + "].sources";
            if (trunk.sources().isEmpty() && trunk.registration().domain().isEmpty()) {
                complaints.about(
                        at,
                        "must not be empty, unless there is a registration",
                        "sources: [203.0.113.0/24]");
            }
            for (int j = 0; j < trunk.sources().size(); j++) {
                String before = owners.putIfAbsent(trunk.sources().get(j), trunk.name());
                if (before != null) {
                    complaints.about(
                            at + "[" + j + "]", "belongs to trunk " + before + " already", "");
                }
            }
        }
    }

    /**
     * Nodes that share a store stand behind a proxy: who signals is then not who speaks, and
     * without its ranges a caller hears nothing until its first packet, and may name anybody's
     * address.
     */
    private void media() {
        if (!config.store().url().isShared()) {
            return;
        }
        for (int i = 0; i < config.trunks().size(); i++) {
            TrunkConfig trunk = config.trunks().get(i);
            boolean here =
                    trunk.sources().stream()
                            .allMatch(source -> source.network().isLoopbackAddress());
            if (!trunk.sources().isEmpty() && !here && trunk.mediaNetworks().isEmpty()) {
                complaints.about(
                        "trunks[" + i + "].media-networks",
                        "must be told where several nodes share a store (store.url is"
                            + " PostgreSQL's): behind a proxy the voice comes from the carrier"
                            + " itself; name its ranges, or those of sources where nobody stands"
                            + " before this node",
                        "media-networks: [203.0.113.0/24]");
            }
        }
    }

    // ------------------------------------------------------------------ registration

    /** A registrar has one binding of a user (RFC 3261 §10.3): nothing tells two trunks' apart. */
    private void bindings() {
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < config.trunks().size(); i++) {
            TrunkConfig trunk = config.trunks().get(i);
            Registration one = trunk.registration();
            if (one.domain().isEmpty() || one.user().isEmpty() || !one.register()) {
                continue;
            }
            String place = one.domain().get() + " " + one.proxy().map(Object::toString).orElse("");
            String before =
                    owners.putIfAbsent(
                            one.user().get() + " " + place.toLowerCase(Locale.ROOT), trunk.name());
            if (before != null) {
                complaints.about(
                        "trunks[" + i + "].registration.register",
                        "has this user registered a second time, as trunk "
                                + before
                                + " does; calls are made over the account without it, too",
                        "register: false");
            }
        }
    }

    private void authentication(TrunkConfig.Authentication wanted, String at) {
        if (wanted.user().isPresent()) {
            password(at, wanted.password(), wanted.passwordFile());
        } else if (wanted.password().isPresent() || wanted.passwordFile().isPresent()) {
            complaints.about(
                    at + ".user", "is missing; without it no password is asked for", "user: pbx");
        }
    }

    private void registration(Registration registration, String at) {
        if (registration.domain().isEmpty()) {
            if (registration.user().isPresent() || registration.proxy().isPresent()) {
                complaints.about(
                        at + ".domain",
                        "is missing; without it nothing is registered",
                        "domain: sip.example.com");
            }
            return;
        }
        if (registration.user().isEmpty()) {
            complaints.about(at + ".user", "is missing", "user: e12345p0");
        }
        password(at, registration.password(), registration.passwordFile());
        transport(registration, at);
    }

    /** Who is called by a trunk is called over its account. */
    private void calledBy(Optional<String> trunk, String at) {
        List<String> possible =
                config.trunks().stream()
                        .filter(each -> each.registration().domain().isPresent())
                        .map(TrunkConfig::name)
                        .toList();
        trunk.filter(name -> !possible.contains(name))
                .ifPresent(name ->
                        complaints.about(
                                at,
                                "must be a trunk with a registration, not \"" + name + "\"",
                                possible.isEmpty() ? "" : "trunk: " + possible.getFirst()));
    }

    private void transport(Registration registration, String at) {
        protocol(registration)
                .filter(transport -> !listens(transport))
                .ifPresent(transport -> {
                    String word = registration.transport().toString().toLowerCase(Locale.ROOT);
                    complaints.about(
                            at + ".transport",
                            "needs an address of that kind in sip.listen, for the calls that come"
                                    + " back",
                            "listen: [" + word + ":0.0.0.0:5060]");
                });
    }

    private void password(String at, Optional<Secret> password, Optional<Path> file) {
        new CredentialRules(complaints).once(at + ".", "password", password, file, PASSWORD_FILE);
        if (password.isEmpty() && file.isEmpty()) {
            complaints.about(
                    at + ".password",
                    "is missing; write it here or name a password-file",
                    PASSWORD_FILE);
        }
        if (config.demo().agents()) {
            return;
        }
        if (password.map(Secret::text).equals(Optional.of(EXAMPLE))) {
            complaints.about(
                    at + ".password", "is still that of the example, " + EXAMPLE, PASSWORD_FILE);
        }
        if (file.flatMap(GivenSecret::firstLine).equals(Optional.of(EXAMPLE))) {
            complaints.about(
                    at + ".password-file",
                    "still holds the password of the example, " + EXAMPLE,
                    "the password that your provider gave you");
        }
    }
}
