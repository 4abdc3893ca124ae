package org.consentgateway.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.IdentityTrust.Attestation;
import org.consentgateway.sip.trunk.IdentityTrust.Verstat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom a trunk names, and when that is not believed. */
class AssertedIdentityTest {
    private static final String ANNA = "+4930123456";
    private static final AssertedIdentity.Way WAY =
            new AssertedIdentity.Way(InetAddress.ofLiteral("198.51.100.9"), "gateway.example.net");

    private static Trunk trunk(Verstat verstat) {
        return trunk(verstat, Attestation.FULL);
    }

    private static Trunk trunk(Verstat verstat, Attestation attestation) {
        return new Trunk(
                "carrier",
                List.of(Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::/32")),
                Trunk.EVERY_TRANSPORT,
                List.of(),
                new IdentityTrust(
                        List.of(IdentityHeader.P_ASSERTED_IDENTITY),
                        verstat,
                        attestation,
                        List.of("carrier.example")),
                Numbering.GERMANY,
                false,
                Srtp.OFF,
                Optional.empty());
    }

    private static CallerIdentity caller(String... values) {
        return AssertedIdentity.of(List.of(values), trunk(Verstat.IF_GIVEN), WAY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <sip:+4930123456@carrier.example>
                    "Anna, <b>" <sips:+4930123456@IMS.carrier.EXAMPLE:5061;user=phone>
                    <sip:+4930123456@192.0.2.77>
                    <sip:+4930123456@[2001:db8::7]:5060>
                    <sip:+4930123456@198.51.100.9>
                    <sip:030123456@gateway.example.net>
                    <tel:+49-30-123456>
                    <tel:030123456;phone-context=+49>
                    <tel:030123456;phone-context=carrier.example>
                    <tel:+4930123456;phone-context=+1>
                    <sip:+4930123456;verstat=TN-Validation-Passed@carrier.example>
                    <tel:+4930123456;verstat=TN-Validation-Passed-A>
                    """)
    void isBelieved(String value) {
        assertThat(caller(value)).isEqualTo(new CallerIdentity(ANNA, true, false, Disbelief.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <sip:+4930123456;verstat=TN-Validation-Failed@carrier.example> | VERIFICATION
                    <sip:+4930123456@carrier.example;verstat=No-TN-Validation>     | VERIFICATION
                    <tel:+4930123456;VERSTAT=tn-validation-failed>                 | VERIFICATION
                    <tel:+4930123456;verstat=%54N-Validation-Failed>               | VERIFICATION
                    <sip:+4930123456@carrier.example>;verstat=TN-Validation-Failed | VERIFICATION
                    "a>b" <tel:+4930123456>;x=1;Verstat="TN-Validation-Failed"     | VERIFICATION
                    <sip:+4930123456:x;verstat=TN-Validation-Failed@192.0.2.7>     | VERIFICATION
                    <tel:+4930123456;verstat=TN-Validation-Passed-B>               | VERIFICATION
                    <tel:+4930123456;verstat=TN-Validation-Passed-C>               | VERIFICATION
                    <tel:+4930123456;verstat=TN-Validation-Passed-AC>              | VERIFICATION
                    <tel:+4930123456;verstat=TN-Validation-Passed-Failed>          | VERIFICATION
                    <tel:030123456;phone-context=+1;phone-context=+49>             | CONTEXT
                    <sip:+4930123456@evil.example>                                 | DOMAIN
                    <sip:+4930123456@evil-carrier.example>                         | DOMAIN
                    <sip:+4930123456@carrier.example.evil.example>                 | DOMAIN
                    <sip:+4930123456@203.0.113.5>                                  | DOMAIN
                    <sip:+4930123456@999.0.2.1>                                    | DOMAIN
                    <sip:carrier.example@+4930123456>                              | DOMAIN
                    <tel:030123456;phone-context=+1>                               | CONTEXT
                    <tel:030123456;phone-context=evil.example>                     | CONTEXT
                    <sip:030123456;phone-context=+43@carrier.example>              | CONTEXT
                    """)
    void isNotBelieved(String value, Disbelief why) {
        assertThat(caller(value)).isEqualTo(new CallerIdentity("", false, false, why));
    }

    /** Whoever can write one of them before the network adds its own must not win. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <tel:+4930123456;verstat=TN-Validation-%s;verstat=TN-Validation-%s>
                    <sip:+4930123456;verstat=TN-Validation-%s@192.0.2.7;verstat=TN-Validation-%s>
                    <sip:+4930123456;verstat=TN-Validation-%s@192.0.2.7>;verstat=TN-Validation-%s
                    """)
    void ofTwoResultsOneThatFailedIsEnough(String value) {
        assertThat(caller(value.formatted("Passed", "Failed")).asserted()).isFalse();
        assertThat(caller(value.formatted("Failed", "Passed")).asserted()).isFalse();
        assertThat(caller(value.formatted("Passed", "Passed")).asserted()).isTrue();
    }

    @Test
    void aCheckOfTheSameNumberInFromCounts() {
        Trunk trunk = trunk(Verstat.IF_GIVEN);
        var anna = new CallerIdentity(ANNA, true, false, Disbelief.NONE);
        String failed = "<sip:%s;verstat=TN-Validation-Failed@x.example;user=phone>;tag=1";

        assertThat(AssertedIdentity.checkedBy(failed.formatted(ANNA), anna, trunk).disbelief())
                .isEqualTo(Disbelief.VERIFICATION);
        assertThat(
                        AssertedIdentity.checkedBy(
                                        "<sip:030123456@x.example>;verstat=No-TN-Validation;tag=1",
                                        anna,
                                        trunk)
                                .asserted())
                .isFalse();
        assertThat(AssertedIdentity.checkedBy(failed.formatted("+4930999999"), anna, trunk))
                .as("of another number")
                .isEqualTo(anna);
        assertThat(
                        AssertedIdentity.checkedBy(
                                failed.formatted(ANNA).replace("Failed", "Passed"), anna, trunk))
                .isEqualTo(anna);
        assertThat(AssertedIdentity.checkedBy("<sip:030123456@x.example>;tag=1", anna, trunk))
                .isEqualTo(anna);
    }

    @Test
    void twoOfOnePartyAreOneAndTwoThatDifferNobody() {
        String sip = "<sip:+4930123456@carrier.example>";
        assertThat(caller(sip, "<tel:+4930123456>").number()).isEqualTo(ANNA);
        assertThat(caller(sip, "<tel:+4930999999>").disbelief()).isEqualTo(Disbelief.CONTRADICTION);
        assertThat(caller(sip, "<sip:+4930123456@evil.example>").disbelief())
                .isEqualTo(Disbelief.DOMAIN);
        assertThat(caller("<sip:anna@carrier.example>", "<tel:+4930123456>"))
                .as("the first names nobody: the second does not, either")
                .isEqualTo(CallerIdentity.UNKNOWN);
        assertThat(caller(sip, "<sip:anna@carrier.example>").asserted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aTrunkSaysWhatAVerificationIsWorth(Verstat verstat) {
        Trunk trunk = trunk(verstat);
        assertThat(believed(trunk, "<tel:+4930123456;verstat=TN-Validation-Passed>")).isTrue();
        assertThat(believed(trunk, "<tel:+4930123456>")).isEqualTo(verstat != Verstat.REQUIRED);
        assertThat(believed(trunk, "<tel:+4930123456;verstat=TN-Validation-Failed>"))
                .isEqualTo(verstat == Verstat.IGNORED);
    }

    /** C means that a network has let the call in, and knows neither the caller nor the number. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    FULL,    true, false, false
                    PARTIAL, true, true,  false
                    GATEWAY, true, true,  true
                    """)
    void aTrunkSaysWhoHasToVouchForANumber(
            Attestation least, boolean full, boolean partial, boolean gateway) {
        for (Verstat verstat : List.of(Verstat.IF_GIVEN, Verstat.REQUIRED)) {
            Trunk trunk = trunk(verstat, least);
            String value = "<tel:+4930123456;verstat=TN-Validation-Passed%s>";
            assertThat(believed(trunk, value.formatted(""))).isTrue();
            assertThat(believed(trunk, value.formatted("-A"))).isEqualTo(full);
            assertThat(believed(trunk, value.formatted("-B"))).isEqualTo(partial);
            assertThat(believed(trunk, value.formatted("-C"))).isEqualTo(gateway);
            assertThat(believed(trunk, value.formatted("-D"))).isFalse();
        }
    }

    private static boolean believed(Trunk trunk, String value) {
        return AssertedIdentity.of(List.of(value), trunk, WAY).asserted();
    }
}
