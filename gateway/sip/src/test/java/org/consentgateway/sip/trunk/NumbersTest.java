package org.consentgateway.sip.trunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void germanWritingsOfANumberBecomeE164() {
        for (String written :
                new String[] {
                    "+4930123456",
                    "004930123456",
                    "030123456",
                    "+49 (30) 123-456",
                    "+49(0)30123456",
                    "0049 (0) 30 123456",
                    "(030) 123456",
                    "030.123456"
                }) {
            assertThat(Numbering.GERMANY.normalise(written)).isEqualTo("+4930123456");
        }
    }

    @Test
    void whatIsNoPublicNumberIsEmpty() {
        for (String written :
                new String[] {
                    "", "alice", "123", "110", "+", "++4930123456", "+49301234567890123"
                }) {
            assertThat(Numbering.GERMANY.normalise(written)).isEmpty();
        }
    }

    @Test
    void bareDigitsAreInternationalWhereTheTrunkSaysSo() {
        Numbering bare = new Numbering("49", "00", "", Numbering.WithoutPrefix.INTERNATIONAL);
        assertThat(bare.normalise("4930123456")).isEqualTo("+4930123456");
        assertThat(Numbering.GERMANY.normalise("4930123456")).isEmpty();
    }

    @Test
    void aNationalNumberMayBearNoPrefix() {
        Numbering american = new Numbering("1", "011", "1", Numbering.WithoutPrefix.NATIONAL);
        assertThat(american.normalise("2125550100")).isEqualTo("+12125550100");
        assertThat(american.normalise("12125550100")).isEqualTo("+12125550100");
        assertThat(american.normalise("0114930123456")).isEqualTo("+4930123456");
    }

    @Test
    void theUserPartIsFoundInEveryWriting() {
        assertThat(Identity.user("<sip:+4930123456@example.com;user=phone>"))
                .isEqualTo("+4930123456");
        assertThat(Identity.user("\"A <b\\\" c\" <sip:030123456;phone-context=x@example.com>"))
                .isEqualTo("030123456");
        assertThat(Identity.user("tel:+49-30-123456;ext=1")).isEqualTo("+49-30-123456");
        assertThat(Identity.user("sip:%2B4930123456@example.com")).isEqualTo("+4930123456");
        assertThat(Identity.user("sip:example.com")).isEmpty();
        assertThat(Identity.user("nonsense")).isEmpty();
        assertThat(Identity.user("sip:a%4@h")).isEqualTo("a%4");
    }

    @Test
    void networksContainWhatTheyShould() {
        Cidr twelve = Cidr.parse("172.16.0.0/12");
        assertThat(twelve.contains(InetAddress.ofLiteral("172.31.255.255"))).isTrue();
        assertThat(twelve.contains(InetAddress.ofLiteral("172.32.0.0"))).isFalse();
        assertThat(Cidr.parse("192.0.2.1").contains(InetAddress.ofLiteral("192.0.2.1"))).isTrue();
        assertThat(Cidr.parse("2001:db8::/33").contains(InetAddress.ofLiteral("2001:db8:8000::")))
                .isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("8.8.8.8"))).isTrue();
        assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("2001:db8::1")))
                .isFalse();
    }

    @Test
    void aNetworkIsTheSameByWhicheverOfItsAddressesItIsNamed() {
        assertThat(Cidr.parse("203.0.113.1/24")).isEqualTo(Cidr.parse("203.0.113.0/24"));
        assertThat(Cidr.parse("203.0.113.200/26")).hasToString("203.0.113.192/26");
        assertThat(Cidr.parse("203.0.113.1/32")).isNotEqualTo(Cidr.parse("203.0.113.0/32"));
        assertThat(Cidr.parse("192.0.2.1/0")).hasToString("0.0.0.0/0");
        assertThat(Cidr.parse("2001:db8:8fff::1/33")).isEqualTo(Cidr.parse("2001:db8:8000::/33"));
        assertThat(Cidr.parse("::1/128").contains(InetAddress.ofLiteral("::1"))).isTrue();
    }

    @Test
    void aNetworkThatIsNoneSaysWhatIsRight() {
        for (String wrong :
                new String[] {"example.com", "10.0.0.0/33", "10.0.0", "10.0.0.0/x", "::1/129"}) {
            assertThatThrownBy(() -> Cidr.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("write 192.0.2.0/24");
        }
    }
}
