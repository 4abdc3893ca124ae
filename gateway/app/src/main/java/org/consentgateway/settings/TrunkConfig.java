package org.consentgateway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.HostName;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;
import org.consentgateway.config.SipUri;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityHeader;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.sip.trunk.Numbering;

/**
 * Immutable. A peer that may send us calls. Everyone else gets silence.
 *
 * @param sources may be empty where it is registered with: the registrar's addresses count
 * @param transports by which its calls and other requests come; what says to be of it and comes by
 *     others gets silence; none: by whatever is listened on
 * @param mediaNetworks where its RTP may come from and go to, besides the address that signals;
 *     empty: anywhere, but hardly anything goes there before it has been heard from
 * @param identity headers believed to name the caller, the first that holds a number counts; none:
 *     no caller is known again
 * @param identityDomains whose identities are believed, with what is below them, besides the
 *     registrar's domain, its own addresses and the host that it calls us by
 * @param verstat what the network's check of a number has to say for it to be believed
 * @param attestation who has to vouch for the number, at least, where that check says so
 * @param maxCalls at once; the next gets 503
 * @param invitesPerSecond new calls in a second, and at once; those above get 503
 * @param infoDigits whether keys are taken from SIP INFO
 * @param acceptLanguage whether a call begins in the language that its Accept-Language asks for
 * @param probe asked by OPTIONS whether it is alive; none: its registrar, or nobody
 * @param srtp whether its media is encrypted, with keys in SDP (RFC 4568)
 */
public record TrunkConfig(
        @Setting(example = "carrier", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(byDefault = "[]", example = "[203.0.113.0/24]") List<Cidr> sources,
        @Setting(byDefault = "[]", example = "[tls]") List<ListenAddress.Protocol> transports,
        @Setting(byDefault = "[]", example = "[203.0.113.0/24]") List<Cidr> mediaNetworks,
        @Setting(byDefault = "[p-asserted-identity]", example = "[p-asserted-identity]")
                List<IdentityHeader> identity,
        @Setting(byDefault = "[]", example = "[example.com]") List<HostName> identityDomains,
        @Setting(byDefault = "if-given") IdentityTrust.Verstat verstat,
        @Setting(byDefault = "full") IdentityTrust.Attestation attestation,
        @Setting(byDefault = "false") boolean infoDigits,
        @Setting(byDefault = "false") boolean acceptLanguage,
        @Setting(byDefault = "off") Srtp srtp,
        @Setting(byDefault = "400", atLeast = "1", atMost = "10000") int maxCalls,
        @Setting(byDefault = "100", atLeast = "1", atMost = "100000") int invitesPerSecond,
        @Setting(byDefault = "", example = "sip:sbc.example.com") Optional<SipUri> probe,
        NumberingConfig numbering,
        Authentication authentication,
        Registration registration) {

    static final String LOGIN = "[^\"\\\\\\p{Cntrl}]{1,128}";

    /**
     * How it writes telephone numbers.
     *
     * @param withoutPrefix what digits without any of the prefixes are
     */
    public record NumberingConfig(
            @Setting(
                            byDefault = "\"49\"",
                            form = "[1-9][0-9]{0,2}",
                            formInWords = "a country calling code")
                    String country,
            @Setting(byDefault = "\"00\"", form = "[0-9]{1,5}", formInWords = "one to five digits")
                    String internationalPrefix,
            @Setting(byDefault = "\"0\"", form = "[0-9]{0,3}", formInWords = "up to three digits")
                    String nationalPrefix,
            @Setting(byDefault = "extension") Numbering.WithoutPrefix withoutPrefix) {}

    /**
     * What it has to show with every call (RFC 3261 §22, RFC 8760).
     *
     * @param user none: its addresses are enough
     * @param algorithms offered to it
     */
    public record Authentication(
            @Setting(
                            byDefault = "",
                            example = "pbx",
                            form = LOGIN,
                            formInWords = "a user name without quotes")
                    Optional<String> user,
            @Setting(byDefault = "", example = "…") Optional<Secret> password,
            @Setting(byDefault = "", example = "/etc/consent-gateway/pbx.password")
                    Optional<Path> passwordFile,
            @Setting(byDefault = "consent-gateway", form = LOGIN, formInWords = "no quotes")
                    String realm,
            @Setting(byDefault = "[sha-256, md5]", atLeast = "1")
                    List<DigestAlgorithm> algorithms) {

        static final Authentication NONE =
                new Authentication(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "consent-gateway",
                        List.of(DigestAlgorithm.values()));
    }

    /**
     * A subscription that wants us to register (RFC 3261 §10).
     *
     * @param domain the registrar's; none: there is no registration
     * @param proxy where requests go first; none: the domain
     * @param authUser for the password; none: the user
     * @param algorithms digest algorithms we answer (RFC 8760)
     * @param register false: only calls are made over it
     * @param callerId what those see who are called over it
     */
    public record Registration(
            @Setting(byDefault = "", example = "sip.example.com") Optional<HostName> domain,
            @Setting(byDefault = "", example = "proxy.example.com:5060") Optional<HostName> proxy,
            @Setting(byDefault = "any") RegistrationTransport transport,
            @Setting(
                            byDefault = "",
                            example = "e12345p0",
                            form = USER,
                            formInWords = "the user part of a SIP address")
                    Optional<String> user,
            @Setting(
                            byDefault = "",
                            example = "e12345p0",
                            form = LOGIN,
                            formInWords = "a user name without quotes")
                    Optional<String> authUser,
            @Setting(byDefault = "", example = "…") Optional<Secret> password,
            @Setting(byDefault = "", example = "/etc/consent-gateway/trunk.password")
                    Optional<Path> passwordFile,
            @Setting(byDefault = "[sha-256, md5]", atLeast = "1") List<DigestAlgorithm> algorithms,
            @Setting(byDefault = "10m", atLeast = "1m", atMost = "1d") Duration expires,
            @Setting(byDefault = "true") boolean register,
            @Setting(byDefault = "line") CallerId callerId) {

        static final Registration NONE =
                new Registration(
                        Optional.empty(),
                        Optional.empty(),
                        RegistrationTransport.ANY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(DigestAlgorithm.values()),
                        Duration.ofMinutes(10),
                        true,
                        CallerId.LINE);

        static final String USER = "[A-Za-z0-9_.!~*'()&=+$,;?/%-]{1,128}";
    }

    /** How a registration travels. */
    public enum RegistrationTransport {
        /** What the DNS offers first and we have (RFC 3263 §4.1). */
        ANY,
        UDP,
        TCP,
        TLS
    }

    /** Whose number is shown to those who are called over a trunk. */
    public enum CallerId {
        /** That of the line which was called: every provider takes it. */
        LINE,
        /** The caller's own; the provider has to allow it (CLIP no screening). */
        CALLER
    }
}
