package org.consentgateway.testkit.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is meant by what is said to an attack. */
class OptionsTest {
    private static Target target(String... options) {
        return Target.of(List.of(options));
    }

    @Test
    void oneAddressOfIpv6MakesAllThatIsNotSaidIpv6() {
        Target by = target("--by", "tls:[2001:db8::1]:5061");
        assertThat(by.from()).isEqualTo("::1");
        assertThat(Ip.isSix(by.gateway().getAddress())).isTrue();
        assertThat(Ip.isSix(by.listen().getAddress())).isTrue();
        assertThat(by.bystander()).isEmpty();
        assertThat(target().from()).isEqualTo("127.0.0.1");
    }

    @Test
    void addressesOfTwoKindsAreRefusedWithWhatWouldBeRight() {
        assertThatThrownBy(() -> target("--gateway", "[::1]:5060", "--from", "127.0.0.1"))
                .hasMessageContaining("--from 127.0.0.1")
                .hasMessageContaining("--from ::1");
        assertThatThrownBy(() -> target("--gateway", "::1:5060"))
                .hasMessageContaining("[::1]:5060");
    }

    @Test
    void aDescriptionNamesTheKindOfItsAddressAndHasAKeyWhereItIsSecured() {
        assertThat(target("--gateway", "[::1]:5060", "--media", "srtp").sdp(40_000))
                .contains("c=IN IP6 ::1\r\n", "m=audio 40000 RTP/SAVP 8\r\n", "a=crypto:1 ");
        assertThat(target().sdp(40_000))
                .contains("c=IN IP4 127.0.0.1\r\n", "m=audio 40000 RTP/AVP 8\r\n")
                .doesNotContain("crypto");
    }

    @Test
    void octetsAreCountedWithTheHeadersOfTheirKind() {
        assertThat(target("--from", "::1").headers()).isEqualTo(48);
        assertThat(target().headers()).isEqualTo(28);
    }

    @Test
    void urisHaveIpv6InBracketsAndNoZone() {
        assertThat(Ip.host("fe80::1%eth0")).isEqualTo("[fe80::1]");
        assertThat(Ip.described("fe80::1%eth0")).isEqualTo("IP6 fe80::1");
        assertThat(Ip.host("192.0.2.1")).isEqualTo("192.0.2.1");
    }
}
