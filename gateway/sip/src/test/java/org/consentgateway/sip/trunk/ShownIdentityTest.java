package org.consentgateway.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.sip.sdp.Srtp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a later request of a call shows somebody else than its INVITE. */
class ShownIdentityTest {
    private static final Trunk TRUNK = believing(List.of());

    private static Trunk believing(List<IdentityHeader> headers) {
        return new Trunk(
                "carrier",
                List.of(Cidr.parse("192.0.2.0/24")),
                Trunk.EVERY_TRANSPORT,
                List.of(),
                new IdentityTrust(
                        headers,
                        IdentityTrust.Verstat.IF_GIVEN,
                        IdentityTrust.Attestation.FULL,
                        List.of()),
                Numbering.GERMANY,
                false,
                Srtp.OFF,
                Optional.empty());
    }

    @ParameterizedTest(name = "{0} by {1}, then {2} by {3}")
    @CsvSource({
        "+4930111, +4930111, +4930111, +4930111, false",
        "+4930111, +4930111, '', +4930111, false", // left out
        "+4930111, +49301, '', '', false", // an account of the exchange
        "'', +4930111, +4930111, +4930111, false", // named later
        "'', anonymous, '', anonymous, false",
        "+4930111, +49301, +4930222, +49301, true",
        "+4930111, +4930111, anonymous, +4930111, true",
        "+4930111, +4930111, '', anonymous, true",
        "+4930111, +49301, +4930111, +49302, true", // RFC 4916
        "'', +4930111, +4930222, +4930111, true",
        "'', anonymous, +4930222, anonymous, true",
        "'', '', '', +4930222, true"
    })
    void whatIsLeftOutSaysNothing(
            String asserted, String from, String assertedNow, String fromNow, boolean other) {
        var before = new ShownIdentity(asserted, Map.of(), from);
        assertThat(before.isOtherIn(new ShownIdentity(assertedNow, Map.of(), fromNow)))
                .isEqualTo(other);
    }

    @Test
    void anonymousIsSomebodyToo() throws ParseException {
        assertThat(from("\"Anonymous\" <sip:anonymous@anonymous.invalid>")).isEqualTo("anonymous");
        assertThat(from("<sip:030111222@pbx.example>")).isEqualTo("+4930111222");
        assertThat(from("<sip:pbx.example>")).isEmpty();
    }

    /** Those of a telephone system, and of it alone, have no public number. */
    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource({
        "<sip:101@pbx.example>, <sip:102@pbx.example>",
        "<sip:alice@pbx.example>, \"Bob\" <sip:bob@pbx.example>",
        "<sip:+4917012345@pbx.example>, <sip:bob@pbx.example>",
        "<sip:+4917012345@pbx.example>, <sip:102@pbx.example>",
        "<sip:alice@pbx.example>, <sip:+4917012345@pbx.example>",
        "<sip:4917012345@pbx.example>, <sip:4917054321@pbx.example>",
        "<sip:101@pbx.example>, <sip:anonymous@anonymous.invalid>"
    })
    void anotherExtensionOrNameIsSomebodyElse(String before, String now) throws ParseException {
        assertThat(isOther(before, now)).isTrue();
    }

    @ParameterizedTest(name = "{0}, then {1}")
    @CsvSource({
        "<sip:+4917012345@pbx.example>, <sip:4917012345@pbx.example>",
        "<sip:4917012345@pbx.example>, <sip:+4917012345@pbx.example>",
        "<sip:017012345@pbx.example>, <sip:4917012345@pbx.example>",
        "<sip:+4917012345@pbx.example>, <sip:004917012345@pbx.example>",
        "<sip:+4917012345@pbx.example>, <tel:+49-170-12345>",
        "<sip:+4917012345@pbx.example>, <sip:+4917012345;cpc=ordinary@pbx.example;user=phone>",
        "<tel:+4917012345>, <tel:017012345;phone-context=+49>",
        "\"A\" <sip:101@pbx.example>, \"B\" <sip:101@192.0.2.1:5080;user=phone>",
        "<sip:Alice@pbx.example>, <sips:%61lice@proxy.example>",
        "<sip:alice@pbx.example>, <sip:pbx.example>", // says nothing
        "<sip:anonymous@anonymous.invalid>, \"Anonymous\" <sip:x1@pbx.example>"
    })
    void theSameInOtherWordsIsNobodyElse(String before, String now) throws ParseException {
        assertThat(isOther(before, now)).isFalse();
    }

    private static final String A = "<sip:+4917012345@pbx.example>";
    private static final String B = "<tel:+4917054321>";

    /** What is compared is what stands there, believed or not. */
    @ParameterizedTest(name = "{0}, where {1} is believed")
    @CsvSource({
        "P-Asserted-Identity, , true",
        "P-Asserted-Identity, FROM, true",
        "P-Asserted-Identity, P_ASSERTED_IDENTITY, true",
        "P-Asserted-Identity, P_PREFERRED_IDENTITY, true",
        "Remote-Party-ID, , true",
        "Remote-Party-ID, P_ASSERTED_IDENTITY, true",
        "P-Preferred-Identity, , false", // the caller's own wish
        "X-Caller, P_ASSERTED_IDENTITY, false"
    })
    void whoIsNamedInItIsSomebodyElse(
            String header, @Nullable IdentityHeader believed, boolean other) throws ParseException {
        Trunk trunk = believing(believed == null ? List.of() : List.of(believed));
        ShownIdentity before = shown(trunk, A, header + ": " + A + "\r\n");
        assertThat(before.isOtherIn(shown(trunk, A, header + ": " + B + "\r\n"))).isEqualTo(other);
        assertThat(before.isOtherIn(shown(trunk, A, header + ": <tel:017012345>\r\n"))).isFalse();
        assertThat(before.isOtherIn(shown(trunk, A, ""))).as("left out").isFalse();
    }

    /** Exchanges say in it whom the caller talks to as well. */
    @Test
    void ofRemotePartiesTheCallerAloneIsCompared() throws ParseException {
        String called = "Remote-Party-ID: " + B + ";party=called;screen=yes\r\n";
        ShownIdentity before =
                shown(TRUNK, A, "Remote-Party-ID: " + A + ";party=calling;screen=no\r\n");
        assertThat(before.isOtherIn(shown(TRUNK, A, called))).isFalse();
        assertThat(before.isOtherIn(shown(TRUNK, A, called.replace("called", "Calling")))).isTrue();
        assertThat(
                        shown(TRUNK, A, "")
                                .isOtherIn(shown(TRUNK, A, called.replace("called", "calling"))))
                .as("where there was none")
                .isFalse();
    }

    private static boolean isOther(String before, String now) throws ParseException {
        return shown(before).isOtherIn(shown(now));
    }

    private static String from(String address) throws ParseException {
        return shown(address).from();
    }

    private static ShownIdentity shown(String address) throws ParseException {
        return shown(TRUNK, address, "");
    }

    /**
     * @param more headers, each with its line's end
     */
    private static ShownIdentity shown(Trunk trunk, String from, String more)
            throws ParseException {
        var invite =
                new StringMsgParser()
                        .parseSIPMessage(
                                ("INVITE sip:+4930123456@gateway.example SIP/2.0\r\n"
                                                + "Via: SIP/2.0/UDP pbx.example;branch=z9hG4bK1\r\n"
                                                + "From: "
                                                + from
                                                + ";tag=1\r\n"
                                                + (more + "\r\n"))
                                        .getBytes(StandardCharsets.UTF_8),
                                true,
                                false,
                                null);
        return ShownIdentity.of((SIPRequest) invite, trunk);
    }
}
