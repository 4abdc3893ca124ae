package org.consentgateway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Secret;
import org.consentgateway.config.Setting;
import org.consentgateway.config.SipUri;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.target.CallerShown;

/**
 * {@code assistants}: reached by SIP or by a WebSocket. Immutable.
 *
 * @param uri where it is dialled first, with {@code order} 1
 * @param weight of that place among those of order 1
 * @param more places where it is dialled, too
 * @param url its WebSocket
 * @param dialect of the url: in which messages it is spoken to
 * @param trunk by whose account it is called; none: directly
 * @param authentication shown where it challenges us
 * @param opus whether Opus is offered to it over SIP
 * @param callerId what it learns of who calls
 * @param diversion whether it may know by which numbers the call was forwarded
 * @param refer what becomes of its wish that somebody else be called
 */
public record AssistantConfig(
        @Setting(example = "assistant", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(byDefault = "", example = "sip:assistant@192.0.2.7:5060") Optional<SipUri> uri,
        @Setting(byDefault = "1", atLeast = "0", atMost = "1000") int weight,
        @Setting(byDefault = "[]", example = "[{uri: sip:assistant@192.0.2.8}]", atMost = "7")
                List<Place> more,
        @Setting(byDefault = "", example = "wss://bot.example.com/media") Optional<SocketUrl> url,
        @Setting(byDefault = "twilio") SocketConfig.SocketDialect dialect,
        SocketConfig socket,
        @Setting(byDefault = "", example = "carrier") Optional<String> trunk,
        Login authentication,
        @Setting(byDefault = "off") Srtp srtp,
        @Setting(byDefault = "false") boolean opus,
        @Setting(byDefault = "20s", atLeast = "1s", atMost = "3m") Duration ringTimeout,
        @Setting(byDefault = "never") CallerShown callerId,
        @Setting(byDefault = "false") boolean diversion,
        @Setting(byDefault = "decline") Refer refer) {
    /**
     * Another place of an assistant.
     *
     * @param order those of the lowest are tried first
     * @param weight among those of one order, how often it is the first
     */
    public record Place(
            @Setting(example = "sip:assistant@192.0.2.8:5060") SipUri uri,
            @Setting(byDefault = "2", atLeast = "1", atMost = "100") int order,
            @Setting(byDefault = "1", atLeast = "0", atMost = "1000") int weight) {}

    /**
     * What an assistant is shown that asks for a password (RFC 3261 §22, RFC 8760).
     *
     * @param user none: no password is shown
     * @param algorithms that are answered, the strongest offered first
     */
    public record Login(
            @Setting(
                            byDefault = "",
                            example = "gateway",
                            form = TrunkConfig.LOGIN,
                            formInWords = "a user name without quotes")
                    Optional<String> user,
            @Setting(byDefault = "", example = "…") Optional<Secret> password,
            @Setting(byDefault = "", example = "/etc/consent-gateway/assistant.password")
                    Optional<Path> passwordFile,
            @Setting(byDefault = "[sha-256, md5]", atLeast = "1")
                    List<DigestAlgorithm> algorithms) {}

    /** What becomes of an assistant's wish that somebody else be called in its place. */
    public enum Refer {
        /** 603: it goes on itself. */
        DECLINE,
        /** The caller is handed over, where it names one of the humans; else as DECLINE. */
        HUMAN
    }
}
