package org.consentgateway.sip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers write for an address is read on the thread that reads all datagrams. */
class SipTextTest {
    @Test
    void aQuestionIsSeen() {
        assertThatThrownBy(() -> InetAddress.getByName("x:1"))
                .isInstanceOf(UnknownHostException.class);
        assertThat(AskedNames.has("x:1")).isTrue();
    }

    /** Also of what looks like one: digits of other scripts, a colon in a name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFF10:1.bad.cc",
                "\u0661::1",
                ".:bad.cc",
                ".::1",
                "1.2.3.\uFF14",
                "bad.cc",
                "a:bad.cc",
                "::1%1",
                "[::1]",
                "1.2.3",
                "1.2.3.4.5",
                "",
            })
    void whatIsNoAddressIsNotAskedFor(String text) {
        assertThat(SipText.address(text)).isNull();
        assertThat(AskedNames.has(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::, 0:0:0:0:0:0:0:0",
    })
    void anAddressIsReadInEitherFamily(String text, String address) {
        assertThat(SipText.address(text)).isEqualTo(InetAddress.ofLiteral(address));
    }
}
