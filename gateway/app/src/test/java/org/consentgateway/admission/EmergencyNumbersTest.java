package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EmergencyNumbersTest {
    private final EmergencyNumbers emergency =
            new EmergencyNumbers(List.of("110", "112", "116117"), Set.of("49", "43"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "112",
                "110",
                "116117",
                "+49112",
                "+43112",
                "0049112",
                "+49116117",
                "116-117",
                "urn:service:sos",
                "URN:service:sos.police"
            })
    void howeverItIsWrittenItIsOne(String called) {
        assertThat(emergency.is(called)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+4930112", "1120", "+49301121120", "11", "", "service", "+112"})
    void whatOnlyLooksLikeOneIsNone(String called) {
        assertThat(emergency.is(called)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:112@192.0.2.1",
                "sip:+49112;phone-context=x@a.example",
                "sip:110@[::1]:5060"
            })
    void whoIsDialledIsLookedAtToo(String uri) {
        assertThat(emergency.isUri(uri)).isTrue();
        assertThat(emergency.isUri(uri.replaceAll(":.*@", ":team@"))).isFalse();
        assertThat(emergency.isUri("sip:192.0.2.112")).isFalse();
    }
}
